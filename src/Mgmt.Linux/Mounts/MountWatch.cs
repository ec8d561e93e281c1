using Mgmt.Linux.Inotify;

namespace Mgmt.Linux.Mounts;

/// <summary>
/// Hears whenever anything is mounted, unmounted or mounted otherwise in this process's namespace. It is told before the watches of files below, so that nobody
/// repairs a file that is only out of sight.
/// </summary>
public sealed class MountWatch : PathSubscriber, IDisposable
{
    private readonly InotifyInstance _instance;

    internal MountWatch(InotifyInstance instance, IPathListener listener)
        : base(listener)
    {
        _instance = instance;
        instance.Add(this);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        IsClosed = true;
        _instance.Remove(this);
    }
}
