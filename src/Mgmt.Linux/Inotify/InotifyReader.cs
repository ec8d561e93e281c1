using System.Runtime.InteropServices;
using Mgmt.Linux.Files;

namespace Mgmt.Linux.Inotify;

/// <summary>One of the kernel's queues of events. Belongs to the event thread.</summary>
internal interface IEventReader
{
    /// <summary>The descriptor to poll; null while it is not in use.</summary>
    OpenFile? Queue { get; }

    /// <summary>How much is in the queue, in the units of <see cref="Read"/>.</summary>
    int Waiting { get; }

    /// <summary>Reads what fits, and hands it out.</summary>
    /// <returns>How much it was; 0 when there was nothing.</returns>
    int Read(EventBatch batch);
}

/// <summary>Reads inotify's queue; its unit is a byte.</summary>
internal sealed class InotifyReader(OpenFile queue, InodeTable table) : IEventReader
{
    private const int HeaderBytes = 16;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(64 * 1024, pinned: true);
    private readonly List<Heard> _found = [];

    public OpenFile? Queue => queue;

    public int Waiting => InotifyNative.IoControl(queue, InotifyNative.BytesWaiting, out var bytes) == 0 ? bytes : 0;

    public int Read(EventBatch batch)
    {
        var count = InotifyNative.Read(queue, ref _buffer[0], (nuint)_buffer.Length);
        if (count < 0) return Errno.Last is Errno.Again or Errno.Interrupted ? 0 : throw FileException.Of("read file events", Errno.Last);
        for (var rest = _buffer.AsSpan(0, (int)count); rest.Length >= HeaderBytes;)
        {
            var nameBytes = MemoryMarshal.Read<int>(rest[12..]);
            var name = rest.Slice(HeaderBytes, nameBytes);
            var end = name.IndexOf((byte)0);
            Dispatch(MemoryMarshal.Read<int>(rest), (InotifyMask)MemoryMarshal.Read<uint>(rest[4..]), end < 0 ? name : name[..end], batch);
            rest = rest[(HeaderBytes + nameBytes)..];
        }

        return (int)count;
    }

    private void Dispatch(int watch, InotifyMask mask, ReadOnlySpan<byte> name, EventBatch batch)
    {
        if ((mask & InotifyMask.Overflow) != 0)
        {
            batch.Overflowed();
            return;
        }

        _found.Clear();
        table.Find(watch, mask, name, _found);
        batch.Hand(_found, name);
    }
}
