using Mgmt.Engine.Kinds;

namespace Mgmt.Resources.Timer;

/// <summary>Wakes when the timer is due. A restart moves that further away, which it notices when it wakes.</summary>
internal sealed class TimerWatch : IAsyncDisposable
{
    // A timer cannot be set further ahead than 49 days; longer waits are made of these.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    // The timer's clock may run a little ahead of the time-stamps': never turn that into a busy loop.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    private readonly Intervals _intervals;
    private readonly IWatchSink _sink;
    private readonly ITimer _timer;
    private bool _disposed;

    internal TimerWatch(Intervals intervals, TimeProvider time, IWatchSink sink)
    {
        (_intervals, _sink) = (intervals, sink);
        _timer = time.CreateTimer(static watch => ((TimerWatch)watch!).OnWake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        SetTimer();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Volatile.Write(ref _disposed, true);
        return _timer.DisposeAsync();
    }

    private void OnWake()
    {
        if (Volatile.Read(ref _disposed)) return;
        var fired = _intervals.TryFire();
        SetTimer();
        if (fired) _sink.Changed(mayRunHere: true);
    }

    private void SetTimer()
    {
        var wait = _intervals.Left;
        if (wait < ShortestWait) wait = ShortestWait;
        _timer.Change(wait < LongestWait ? wait : LongestWait, Timeout.InfiniteTimeSpan);
    }
}
