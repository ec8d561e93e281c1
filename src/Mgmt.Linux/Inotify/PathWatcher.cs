using Mgmt.Linux.Files;

namespace Mgmt.Linux.Inotify;

/// <summary>
/// Watches paths for the whole process through one inotify descriptor and one thread, which are opened with the first watch.
/// A watch follows its path, not an inode: it survives whatever people do to the file and to the directories above it.
/// </summary>
public sealed class PathWatcher : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, FolderWatch> _folders = new(StringComparer.Ordinal);
    private readonly Action<Exception> _faulted;
    private InotifyInstance? _instance;
    private bool _isDisposed;

    /// <summary>Opens nothing yet.</summary>
    /// <param name="faulted">Hears of what listeners throw, which they should not; for the log.</param>
    public PathWatcher(Action<Exception>? faulted = null) => _faulted = faulted ?? (static _ => { });

    internal InotifyInstance Instance
    {
        get
        {
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                return _instance ??= new InotifyInstance(_faulted);
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
            if (!_folders.TryGetValue(path.Folder, out var folder)) _folders.Add(path.Folder, folder = new FolderWatch(table, path.Folder));
            var watch = new PathWatch(this, folder, path.Name, events, listener);
            try
            {
                folder.Add(watch);
                return watch;
            }
            catch
            {
                if (folder.Remove(watch)) _folders.Remove(path.Folder);
                throw;
            }
        }
    }

    /// <summary>Completes when every event that happened before the call has reached its listener.</summary>
    public ValueTask DrainAsync(CancellationToken cancel)
    {
        InotifyInstance? instance;
        lock (_gate) instance = _instance;
        return instance?.DrainAsync(cancel) ?? ValueTask.CompletedTask;
    }

    /// <summary>Ends all watches and the thread.</summary>
    public async ValueTask DisposeAsync()
    {
        InotifyInstance? instance;
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
}
