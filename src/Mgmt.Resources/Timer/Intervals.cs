namespace Mgmt.Resources.Timer;

/// <summary>
/// When a timer is due, and whether it fired. Intervals are counted from one origin, so that late wake-ups do not add up; those that passed
/// unseen, as while the host was suspended or busy, are one firing.
/// </summary>
internal sealed class Intervals
{
    private readonly TimeProvider _time;
    private readonly long _interval;
    private long _due;
    private bool _fired;

    internal Intervals(TimeSpan interval, TimeProvider time)
    {
        _time = time;
        _interval = (long)interval.TotalSeconds * time.TimestampFrequency;
        Restart();
    }

    /// <summary>The time until it is due; not positive when it is.</summary>
    internal TimeSpan Left => _time.GetElapsedTime(_time.GetTimestamp(), Interlocked.Read(ref _due));

    /// <summary>Begins the interval anew. A firing that was not taken yet stays.</summary>
    internal void Restart() => Interlocked.Exchange(ref _due, _time.GetTimestamp() + _interval);

    /// <summary>Fires if it is due, and is due again after the interval that runs now.</summary>
    internal bool TryFire()
    {
        var due = Interlocked.Read(ref _due);
        var late = _time.GetTimestamp() - due;

        // Where the due time has moved meanwhile, there was a restart, and this is no firing.
        if (late < 0 || Interlocked.CompareExchange(ref _due, due + (((late / _interval) + 1) * _interval), due) != due) return false;
        Interlocked.Exchange(ref _fired, true);
        return true;
    }

    /// <summary>Whether it fired since the last call.</summary>
    internal bool TakeFiring() => Interlocked.Exchange(ref _fired, false);
}
