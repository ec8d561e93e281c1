using Mgmt.Linux.Inotify;

namespace Mgmt.Linux.Mounts;

/// <summary>
/// Hears whenever anything is mounted, unmounted or mounted otherwise in this process's namespace. It is told before the watches of files below, so that nobody
/// repairs a file that is only out of sight.
/// </summary>
public sealed class MountWatch : PathSubscriber, IDisposable
{
    private readonly WatchThread _thread;

    internal MountWatch(WatchThread thread, IPathListener listener)
        : base(listener)
    {
        _thread = thread;
        thread.Add(this);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        IsClosed = true;
        _thread.Remove(this);
    }
}
