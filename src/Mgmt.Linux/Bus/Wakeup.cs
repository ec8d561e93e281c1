using System.Diagnostics;
using System.Runtime.InteropServices;
using Mgmt.Linux.Files;
using Mgmt.Linux.Inotify;

namespace Mgmt.Linux.Bus;

/// <summary>Lets one thread wait for a descriptor, for a time, or for somebody who wakes it.</summary>
internal sealed class Wakeup : IDisposable
{
    private readonly Lock _gate = new();
    private readonly OpenFile _raised;

    internal Wakeup()
    {
        _raised = InotifyNative.EventFd(0, InotifyNative.NonBlock | InotifyNative.CloseOnExec);
        if (_raised.IsInvalid) throw FileException.Of("make an eventfd for a bus", Errno.Last);
    }

    /// <summary>Wakes the thread, now or at its next wait.</summary>
    internal void Raise()
    {
        Span<byte> one = [1, 0, 0, 0, 0, 0, 0, 0];
        if (!BitConverter.IsLittleEndian) one.Reverse();
        lock (_gate)
        {
            if (!_raised.IsClosed) _ = FileNative.Write(_raised, in one[0], (nuint)one.Length);
        }
    }

    /// <summary>Waits.</summary>
    /// <param name="descriptor">What to wait for besides; -1 for nothing.</param>
    /// <param name="events">What to wait for in it.</param>
    /// <param name="until">A timestamp of <see cref="Stopwatch"/>; the largest number for any time.</param>
    internal void Wait(int descriptor, int events, long until)
    {
        Span<PollEntry> entries =
        [
            new() { Descriptor = _raised.Descriptor, Wanted = InotifyNative.PollIn },
            new() { Descriptor = descriptor, Wanted = (short)events },
        ];
        if (InotifyNative.Poll(ref MemoryMarshal.GetReference(entries), (ulong)entries.Length, Milliseconds(until)) < 0 && Errno.Last != Errno.Interrupted)
            throw FileException.Of("wait for a bus", Errno.Last);
        Span<byte> count = stackalloc byte[sizeof(ulong)];
        if (entries[0].Seen != 0) _ = InotifyNative.Read(_raised, ref count[0], (nuint)count.Length);
    }

    public void Dispose()
    {
        lock (_gate) _raised.Dispose();
    }

    // Rounded up: a wait that ends too early would be a busy one.
    private static int Milliseconds(long until)
    {
        if (until == long.MaxValue) return -1;
        var left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), until).TotalMilliseconds;
        return left <= 0 ? 0 : (int)Math.Min(Math.Ceiling(left), int.MaxValue);
    }
}
