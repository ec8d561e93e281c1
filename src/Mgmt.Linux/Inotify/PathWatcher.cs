using Mgmt.Linux.Fanotify;
using Mgmt.Linux.Files;
using Mgmt.Linux.Mounts;

namespace Mgmt.Linux.Inotify;

/// <summary>
/// Watches paths for the whole process on one thread, which is started with the first watch: through one inotify descriptor, through one fanotify mark for each file system
/// on which many directories are watched, where that may be had, and by looking from time to time where the kernel gives no more watches.
/// A watch follows its path, not an inode: it survives whatever people do to the file and to the directories above it.
/// </summary>
public sealed class PathWatcher : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, FolderWatch> _folders = new(StringComparer.Ordinal);
    private readonly Action<Exception> _faulted;
    private readonly WatcherOptions _options;
    private readonly TimeProvider _time;
    private WatchThread? _instance;
    private bool _isDisposed;

    /// <summary>Opens nothing yet.</summary>
    /// <param name="faulted">Hears of what listeners throw, which they should not; for the log.</param>
    /// <param name="options">By which of the kernel's facilities.</param>
    /// <param name="time">The clock.</param>
    public PathWatcher(Action<Exception>? faulted = null, WatcherOptions? options = null, TimeProvider? time = null) =>
        (_faulted, _options, _time) = (faulted ?? (static _ => { }), options ?? new WatcherOptions(), time ?? TimeProvider.System);

    /// <summary>Whether the descriptor and the thread exist.</summary>
    internal bool IsOpen => _instance is not null;

    internal WatchThread Instance
    {
        get
        {
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                return _instance ??= new WatchThread(_options, _time, _faulted);
            }
        }
    }

    /// <summary>Watches an absolute path, whether or not anything is there. Whatever happens after the return reaches the listener.</summary>
    /// <exception cref="FileException">It cannot be watched: the kernel's limits are reached, or the way may not be read.</exception>
    public PathWatch Watch(FilePath path, IPathListener listener, PathEvents events = PathEvents.All)
    {
        var table = Instance.Table;
        lock (_gate)
        {
            var folder = Find(path.Folder, table);
            var watch = new PathWatch(this, folder, path.Name, events, listener);
            Add(folder, () => folder.Add(watch), () => folder.Remove(watch));
            return watch;
        }
    }

    /// <summary>Watches all that is in a directory, whether or not it is there; links on the way to it are followed, links in it are not.</summary>
    /// <param name="folder">The directory.</param>
    /// <param name="listener">Whom to tell.</param>
    /// <param name="isDeep">Whether the directories in it are watched too, to any depth.</param>
    /// <exception cref="FileException">It cannot be watched: the kernel's limits are reached, or the way may not be read.</exception>
    public TreeWatch WatchTree(FilePath folder, IPathListener listener, bool isDeep)
    {
        var table = Instance.Table;
        TreeWatch tree;
        lock (_gate)
        {
            var root = Find(folder.Text, table);
            tree = new TreeWatch(this, table, root, isDeep, listener);
            Add(root, () => root.Add(tree), () => root.Remove(tree));
        }

        try
        {
            tree.Rescan();
            return tree;
        }
        catch
        {
            tree.Dispose();
            throw;
        }
    }

    /// <summary>Watches a path and, where a symbolic link stands, what it leads to.</summary>
    /// <exception cref="FileException">It cannot be watched: the kernel's limits are reached, or the way may not be read.</exception>
    public LinkedWatch WatchThroughLinks(FilePath path, IPathListener listener, PathEvents events = PathEvents.All) => new(this, path, listener, events);

    /// <summary>Watches the table of mounts. Whatever is mounted or unmounted after the return reaches the listener.</summary>
    /// <exception cref="FileException">The kernel gives no descriptor.</exception>
    public MountWatch WatchMounts(IPathListener listener) => new(Instance, listener);

    /// <summary>Completes when every event that happened before the call has reached its listener.</summary>
    public ValueTask DrainAsync(CancellationToken cancel)
    {
        WatchThread? instance;
        lock (_gate) instance = _instance;
        return instance?.DrainAsync(cancel) ?? ValueTask.CompletedTask;
    }

    /// <summary>Another number whenever what is watched, or by what, may have changed.</summary>
    public int Version
    {
        get
        {
            lock (_gate) return _instance?.Table.Version ?? 0;
        }
    }

    /// <summary>What is watched by what. Costs a look at every directory that is watched.</summary>
    public IReadOnlyList<WatchGroup> Groups()
    {
        lock (_gate) return WatchGroup.Of(_folders.Values.Select(static folder => folder.Describe()).ToList());
    }

    /// <summary>Why file systems cannot be marked by this process: a sentence that begins with "cannot"; null when they can.</summary>
    public static string? WhyNoFanotify() => FanotifySource.Try() is > 0 and var errno
        ? $"cannot watch by fanotify: {(errno == Errno.NotPermitted ? "operation not permitted (EPERM); run the agent with CAP_SYS_ADMIN, outside of user namespaces" : Errno.Describe(errno))}, or choose --watcher auto or inotify"
        : null;

    /// <summary>Ends all watches and the thread.</summary>
    public async ValueTask DisposeAsync()
    {
        WatchThread? instance;
        lock (_gate)
        {
            _isDisposed = true;
            instance = _instance;
        }

        if (instance is not null) await instance.DisposeAsync();
    }

    internal void Remove(PathWatch watch)
    {
        lock (_gate)
        {
            if (_isDisposed) return;
            if (watch.Folder.Remove(watch)) _folders.Remove(watch.Folder.Path);
        }
    }

    internal void Remove(TreeWatch tree)
    {
        lock (_gate)
        {
            if (_isDisposed) return;
            if (tree.Root.Remove(tree)) _folders.Remove(tree.Root.Path);
        }
    }

    private FolderWatch Find(string folder, InodeTable table)
    {
        if (!_folders.TryGetValue(folder, out var found)) _folders.Add(folder, found = new FolderWatch(table, folder));
        return found;
    }

    private void Add(FolderWatch folder, Action add, Func<bool> remove)
    {
        try
        {
            add();
        }
        catch
        {
            if (remove()) _folders.Remove(folder.Path);
            throw;
        }
    }
}
