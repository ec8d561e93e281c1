namespace Mgmt.Resources;

/// <summary>
/// The rest that a watch takes after a check that changed something and failed: the events of that very failure would else be the occasion for the next try. Each rest is twice as long as
/// the one before, up to a bound.
/// </summary>
internal sealed class FailureRest : IAsyncDisposable, IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeSpan _first, _longest;
    private readonly ITimer _timer;
    private TimeSpan _rest;

    /// <param name="first">How long the first rest lasts.</param>
    /// <param name="longest">How long any lasts at most.</param>
    /// <param name="time">Measures it.</param>
    /// <param name="isOver">Called, from any thread, when a rest is over.</param>
    internal FailureRest(TimeSpan first, TimeSpan longest, TimeProvider time, Action isOver)
    {
        (_first, _longest) = (first, longest);
        _timer = time.CreateTimer(_ => isOver(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether the last check failed so: until one did not, events are no news.</summary>
    internal bool IsOn
    {
        get
        {
            lock (_gate) return _rest > TimeSpan.Zero;
        }
    }

    /// <summary>Begins a rest.</summary>
    internal void Begin()
    {
        lock (_gate)
        {
            var next = _rest == TimeSpan.Zero ? _first : _rest + _rest;
            _rest = next < _longest ? next : _longest;
            _timer.Change(_rest, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The last failure is over.</summary>
    internal void End()
    {
        lock (_gate)
        {
            if (_rest == TimeSpan.Zero) return;
            _rest = TimeSpan.Zero;
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _timer.DisposeAsync();
}
