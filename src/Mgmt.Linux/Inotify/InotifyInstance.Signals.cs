using System.Runtime.InteropServices;
using Mgmt.Linux.Files;
using Mgmt.Linux.Mounts;

namespace Mgmt.Linux.Inotify;

/// <content>How others reach the event thread: they leave what they want and raise its eventfd.</content>
internal sealed partial class InotifyInstance
{
    private readonly Lock _gate = new();
    private List<TaskCompletionSource> _drains = [];
    private MountWatch[] _mountWatches = [];

    /// <summary>Tells it of mounts from now on.</summary>
    internal void Add(MountWatch watch)
    {
        lock (_gate) _mountWatches = [.. _mountWatches, watch];
    }

    /// <summary>Tells it of nothing any more.</summary>
    internal void Remove(MountWatch watch)
    {
        lock (_gate) _mountWatches = [.. _mountWatches.Where(one => one != watch)];
    }

    /// <summary>Completes when everything that was in the kernel's queue at the time of the call has been handed out.</summary>
    internal async ValueTask DrainAsync(CancellationToken cancel)
    {
        var drain = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate) _drains.Add(drain);
        Wake();
        // A thread that ended meanwhile has nothing more to hand out.
        await Task.WhenAny(drain.Task, _ended.Task).WaitAsync(cancel);
    }

    private List<TaskCompletionSource> TakeDrains()
    {
        lock (_gate)
        {
            if (_drains.Count == 0) return [];
            var taken = _drains;
            _drains = [];
            return taken;
        }
    }

    private void Wake()
    {
        Span<byte> one = [1, 0, 0, 0, 0, 0, 0, 0];
        if (!BitConverter.IsLittleEndian) one.Reverse();
        // Closed means that the thread has ended; a full counter means that it is already awake.
        if (!_wake.IsClosed) _ = FileNative.Write(_wake, in one[0], (nuint)one.Length);
    }

    /// <summary>A file system that is mounted over a directory hides it without an event on any inode.</summary>
    private void DispatchMounts()
    {
        foreach (var watch in MountWatches()) _batch.Guard(static (it, _) => it.Tell(mayRunHere: false), watch);
        _batch.Begin();
        foreach (var listener in Table.Listeners()) _batch.Guard(static (it, batch) => it.MountsChanged(batch), listener);
        _batch.Deliver();
    }

    private MountWatch[] MountWatches()
    {
        lock (_gate) return _mountWatches;
    }

    private void WaitForEvents()
    {
        Span<PollEntry> entries =
        [
            new() { Descriptor = _queue.Descriptor, Wanted = InotifyNative.PollIn },
            new() { Descriptor = _wake.Descriptor, Wanted = InotifyNative.PollIn },
            new() { Descriptor = _mounts.Descriptor, Wanted = InotifyNative.PollPriority },
        ];
        if (InotifyNative.Poll(ref MemoryMarshal.GetReference(entries), (ulong)entries.Length, -1) < 0 && Errno.Last != Errno.Interrupted)
            throw FileException.Of("wait for file events", Errno.Last);
        Span<byte> count = stackalloc byte[sizeof(ulong)];
        if (entries[2].Seen != 0) DispatchMounts();
        if (entries[1].Seen != 0) _ = InotifyNative.Read(_wake, ref count[0], (nuint)count.Length);
    }
}
