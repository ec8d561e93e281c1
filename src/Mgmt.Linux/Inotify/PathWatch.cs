using Mgmt.Linux.Files;

namespace Mgmt.Linux.Inotify;

/// <summary>Which events on a path count.</summary>
public enum PathEvents
{
    /// <summary>Everything, as soon as it happens.</summary>
    All,

    /// <summary>Only what leaves a complete file or none: written and closed, moved, created, removed; not each single write.</summary>
    CompletedWrites,
}

/// <summary>One watched path: what stands under its name now, later, or not at all. Disposing it ends the calls.</summary>
public sealed class PathWatch : PathSubscriber, IDisposable
{
    private const InotifyMask Completed =
        InotifyMask.CloseWrite | InotifyMask.MovedTo | InotifyMask.MovedFrom | InotifyMask.Delete | InotifyMask.Create | InotifyMask.Unasked;

    private readonly PathWatcher _owner;
    private readonly FolderWatch _folder;
    private readonly PathEvents _events;

    internal PathWatch(PathWatcher owner, FolderWatch folder, FileName name, PathEvents events, IPathListener listener)
        : base(listener)
    {
        (_owner, _folder, Name, _events) = (owner, folder, name, events);
    }

    internal FileName Name { get; }

    internal FolderWatch Folder => _folder;

    internal InotifyMask Mask => _events == PathEvents.CompletedWrites ? Completed : (InotifyMask)uint.MaxValue;

    /// <summary>Another watch of the same name; held by the directory's lock.</summary>
    internal PathWatch? Next { get; set; }

    /// <summary>
    /// Makes sure that the way to the path is still the one that is watched; a few microseconds. If it is not, the listener is told.
    /// </summary>
    /// <exception cref="FileException">The way cannot be watched any more.</exception>
    public void EnsureArmed() => _folder.EnsureArmed();

    /// <inheritdoc/>
    public void Dispose()
    {
        IsClosed = true;
        _owner.Remove(this);
    }
}
