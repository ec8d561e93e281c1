using System.Collections.Concurrent;

namespace Mgmt.Linux.Files;

/// <summary>
/// Brings files to the disk. One flush per file is right for a few files and slow for thousands: while one flush runs on a device, those
/// who ask for another wait together and are served by the next, all at once.
/// </summary>
public sealed class Flusher
{
    /// <summary>From this many distinct files on, one flush of the whole file system is cheaper (measured: 0.25 ms each against 4.7 ms for 256).</summary>
    internal const int GroupSize = 8;

    private readonly ConcurrentDictionary<ulong, FlushQueue> _devices = new();
    private readonly IFlushCalls _calls;

    /// <summary>Flushes by fsync and syncfs.</summary>
    public Flusher()
        : this(new KernelFlush())
    {
    }

    internal Flusher(IFlushCalls calls) => _calls = calls;

    /// <summary>
    /// Completes when the file's or directory's content is on the disk: at once, on the caller's thread, when nobody else flushes the device.
    /// The caller keeps the handle open until then.
    /// </summary>
    /// <exception cref="FileException">The disk did not take it.</exception>
    internal ValueTask FlushAsync(OpenFile file, FileIdentity identity, string path) =>
        _devices.GetOrAdd(identity.Device, static (_, calls) => new FlushQueue(calls), _calls).FlushAsync(new FlushTarget(file, identity.Inode, path));
}

/// <summary>What shall be flushed. Two with the same inode are served by one flush.</summary>
internal readonly record struct FlushTarget(OpenFile File, ulong Inode, string Path);

/// <summary>The kernel's flushes; each answers 0 or the errno.</summary>
internal interface IFlushCalls
{
    int One(FlushTarget target);

    int WholeSystem(FlushTarget target);
}

/// <summary>fsync and syncfs.</summary>
internal sealed class KernelFlush : IFlushCalls
{
    public int One(FlushTarget target) => FileNative.FSync(target.File) == 0 ? 0 : Unsupported(Errno.Last);

    public int WholeSystem(FlushTarget target) => FileNative.SyncFs(target.File) == 0 ? 0 : Errno.Last;

    // Some file systems (of /proc, of FUSE) have nothing to flush and say EINVAL.
    private static int Unsupported(int errno) => errno is Errno.Invalid ? 0 : errno;
}
