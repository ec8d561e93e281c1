using System.Runtime.InteropServices;
using Mgmt.Linux.Files;
using Mgmt.Linux.Mounts;

namespace Mgmt.Linux.Inotify;

/// <content>How others reach the event thread: they leave what they want and raise its eventfd.</content>
internal sealed partial class WatchThread
{
    private static readonly InotifyRole Everything = new(InotifyMask.Overflow, FileName.Empty);

    private readonly Lock _gate = new();
    private readonly List<Drain> _drains = [];
    private List<TaskCompletionSource> _newDrains = [];
    private MountWatch[] _mountWatches = [];

    /// <summary>Somebody waits for the events that are queued, or for a pass that they made necessary.</summary>
    private bool HasDrains => _drains.Count > 0;

    private bool HasNewDrains => _drains.Exists(drain => drain.Recheck < 0);

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

    /// <summary>Completes when everything that was in the kernel's queues at the time of the call has been handed out, and what is not told of has been looked at.</summary>
    internal async ValueTask DrainAsync(CancellationToken cancel)
    {
        var drain = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate) _newDrains.Add(drain);
        Wake();
        // A thread that ended meanwhile has nothing more to hand out.
        await Task.WhenAny(drain.Task, _ended.Task).WaitAsync(cancel);
    }

    private void TakeDrains()
    {
        lock (_gate)
        {
            if (_newDrains.Count == 0) return;
            foreach (var drain in _newDrains) _drains.Add(new Drain(drain));
            _newDrains = [];
        }
    }

    /// <summary>The queues have been read: each drain waits for the passes that were asked for until then.</summary>
    private void EndDrains(bool all = false)
    {
        if (all) TakeDrains();
        foreach (var drain in _drains)
        {
            if (drain.Recheck < 0) (drain.Recheck, drain.Looks) = (_recheck.Goal, Table.Polled.Count > 0 ? _looks.Count.Begun + 1 : 0);
            if (all || (_recheck.Count.Ended >= drain.Recheck && (_looks.Count.Ended >= drain.Looks || Table.Polled.Count == 0))) drain.Done.TrySetResult();
        }

        _drains.RemoveAll(static drain => drain.Done.Task.IsCompleted);
    }

    private void OnTableChanged(bool isMoved)
    {
        if (isMoved) _recheck.Ask();
        Wake();
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
        Table.CheckMarks();
        foreach (var watch in MountWatches()) _batch.Guard(static (it, _) => it.Tell(mayRunHere: false), watch);
        _batch.Begin();
        foreach (var listener in Table.Listeners()) _batch.Guard(static (it, batch) => it.MountsChanged(batch), listener);
        _batch.Deliver(mayLend: true);
    }

    private MountWatch[] MountWatches()
    {
        lock (_gate) return _mountWatches;
    }

    private void WaitForEvents()
    {
        if (_pace.IsPauseDue && !HasDrains) Poll(queues: false, ReadingPace.PauseMilliseconds);
        else Poll(queues: true, Patience());
    }

    private void Poll(bool queues, int milliseconds)
    {
        Span<PollEntry> entries =
        [
            new() { Descriptor = _wake.Descriptor, Wanted = InotifyNative.PollIn },
            new() { Descriptor = _mounts.Descriptor, Wanted = InotifyNative.PollPriority },
            new() { Descriptor = queues ? _readers[0].Queue!.Descriptor : -1, Wanted = InotifyNative.PollIn },
            new() { Descriptor = queues ? _readers[1].Queue?.Descriptor ?? -1 : -1, Wanted = InotifyNative.PollIn },
        ];
        if (InotifyNative.Poll(ref MemoryMarshal.GetReference(entries), (ulong)entries.Length, milliseconds) < 0 && Errno.Last != Errno.Interrupted)
            throw FileException.Of("wait for file events", Errno.Last);
        Span<byte> count = stackalloc byte[sizeof(ulong)];
        if (entries[1].Seen != 0) DispatchMounts();
        if (entries[0].Seen != 0) _ = InotifyNative.Read(_wake, ref count[0], (nuint)count.Length);
    }

    /// <summary>Milliseconds until there is something to do without an event; -1 is for ever.</summary>
    private int Patience()
    {
        var (recheck, looks) = (_recheck.Due(isUrgent: false), _looks.Due(HasDrains));
        if (recheck is null && looks is null) return -1;
        var least = recheck is { } first && (looks is null || first < looks) ? first : looks!.Value;
        return (int)Math.Ceiling(least.TotalMilliseconds);
    }

    private sealed class Drain(TaskCompletionSource done)
    {
        internal TaskCompletionSource Done => done;

        /// <summary>How many rechecks must have ended; negative while the queues have not been read for it.</summary>
        internal int Recheck { get; set; } = -1;

        /// <summary>How many looks at what is polled must have ended.</summary>
        internal int Looks { get; set; }
    }
}
