using Mgmt.Linux.Files;

namespace Mgmt.Linux.Inotify;

/// <summary>
/// Watches all that is in a directory. The directory itself is watched by its path; the directories in it are found by looking, each only
/// after its own watch is set, so that one that is made meanwhile is either found or heard of. Disposing it ends the calls.
/// </summary>
public sealed partial class TreeWatch : PathSubscriber, IInotifyListener, IRearmable, IDisposable
{
    private const InotifyMask Below = InotifyMask.Create | InotifyMask.MovedTo | InotifyMask.MovedFrom | InotifyMask.Delete | InotifyMask.Modify
        | InotifyMask.Attributes | InotifyMask.CloseWrite;

    private const InotifyMask Structure = InotifyMask.Create | InotifyMask.MovedTo | InotifyMask.MovedFrom | InotifyMask.Delete;
    private static readonly InotifyRole Role = new(Below, FileName.Empty);

    private readonly PathWatcher _owner;
    private readonly InodeTable _table;
    private readonly bool _isDeep;
    private readonly Lock _gate = new();
    private List<InotifySubscription> _folders = [];

    internal TreeWatch(PathWatcher owner, InodeTable table, FolderWatch root, bool isDeep, IPathListener listener)
        : base(listener) => (_owner, _table, Root, _isDeep) = (owner, table, root, isDeep);

    internal FolderWatch Root { get; }

    /// <summary>Makes sure that the way to the directory is still the one that is watched. If it is not, the listener is told.</summary>
    /// <exception cref="FileException">The way cannot be watched any more.</exception>
    public void EnsureArmed() => Root.EnsureArmed();

    /// <inheritdoc/>
    public void Dispose()
    {
        IsClosed = true;
        _owner.Remove(this);
        lock (_gate)
        {
            _table.Remove(_folders);
            _folders = [];
            EndPolling();
        }
    }

    void IInotifyListener.Seen(InotifyRole role, InotifyMask mask, ReadOnlySpan<byte> name, EventBatch batch) => Seen(mask, batch);

    void IInotifyListener.MountsChanged(EventBatch batch)
    {
        // The root hears of it too, and has the tree looked through when its own place changed.
    }

    void IInotifyListener.Ended(string error) => TellEnd(error);

    void IRearmable.Rearm(EventBatch batch)
    {
        try
        {
            Rescan();
        }
        catch (FileException fault)
        {
            batch.Guard((it, _) => it.TellEnd(fault.Message), this);
        }
    }

    internal void Seen(InotifyMask mask, EventBatch batch)
    {
        if ((mask & (InotifyMask.Overflow | InotifyMask.Unmount)) != 0 || ((mask & InotifyMask.IsFolder) != 0 && (mask & Structure) != 0)) batch.Rearm(this);
        batch.Tell(this);
    }

    internal void RescanAndTell()
    {
        Rescan();
        Tell(mayRunHere: false);
    }

    /// <summary>Finds the directories below and watches each.</summary>
    /// <exception cref="FileException">The kernel's limit is reached, or one may not be read.</exception>
    internal void Rescan()
    {
        lock (_gate)
        {
            if (!_isDeep) EndPolling();
            if (!_isDeep || IsClosed) return;
            var found = new List<InotifySubscription>(_folders.Count);
            try
            {
                var ways = new Stack<FileName>();
                AddBelow(new FileName(Root.Path), isRoot: true, ways, found);
                while (ways.TryPop(out var way)) AddBelow(way, isRoot: false, ways, found);
                (found, _folders) = (_folders, found);
                EndPolling();
            }
            catch (FileException fault) when (fault.ErrorNumber == Errno.NoSpace)
            {
                BeginPolling();
            }
            finally
            {
                // After success the old ones, after a failure the new ones.
                _table.Remove(found);
            }
        }
    }

    private void AddBelow(FileName path, bool isRoot, Stack<FileName> ways, List<InotifySubscription> found)
    {
        using var folder = Folder.TryOpen(OpenFile.None, path, path.ToString(), follow: isRoot, out var errno);
        if (folder is null)
        {
            // Gone, or replaced by something else, while this looked: its event comes.
            if (errno is Errno.NoEntry or Errno.NotFolder or Errno.Loop) return;
            throw FileException.Of($"watch the directory {path}", errno);
        }

        if (!isRoot && _table.Add(this, new InotifyWish(folder.Handle, folder.Status.Identity.Device, Role, IsOptional: false)) is { } subscription) found.Add(subscription);
        var names = new List<FileName>();
        FolderReader.Read(folder, names, onlyFolders: true);
        foreach (var name in names) ways.Push(new FileName([.. path.Bytes, (byte)'/', .. name.Bytes]));
    }
}
