namespace Mgmt.Linux.Inotify;

/// <summary>
/// A pass over many things, in slices, so that events are handled in between; whatever asks for it meanwhile gets one more pass. Passes keep such a distance that they take a
/// tenth of the time at most. Belongs to the event thread, but for <see cref="Ask"/>.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="pause">The least time between two passes.</param>
internal sealed class Round<T>(TimeProvider time, TimeSpan pause)
{
    private const int Share = 10, MostAtOnce = 256;
    private static readonly TimeSpan MostTimeAtOnce = TimeSpan.FromMilliseconds(2);

    private IReadOnlyList<T> _items = [];
    private int _next;
    private TimeSpan _spent;
    private long _ended = long.MinValue;
    private bool _isAsked;
    private bool _isRunning;

    /// <summary>How many passes have begun, and how many have ended.</summary>
    internal (int Begun, int Ended) Count { get; private set; }

    /// <summary>The number of passes that will have ended when all that was asked for so far is done.</summary>
    internal int Goal => Count.Begun + (Volatile.Read(ref _isAsked) ? 1 : 0);

    /// <summary>Asks for a pass over all that there is when it begins.</summary>
    internal void Ask() => Volatile.Write(ref _isAsked, true);

    /// <summary>How long there is nothing to do; null is for ever.</summary>
    /// <param name="isUrgent">Somebody waits: only the share of time counts.</param>
    internal TimeSpan? Due(bool isUrgent)
    {
        if (_isRunning) return TimeSpan.Zero;
        if (!Volatile.Read(ref _isAsked)) return null;
        if (_ended == long.MinValue) return TimeSpan.Zero;
        var distance = _spent * Share;
        if (!isUrgent && distance < pause) distance = pause;
        var rest = distance - time.GetElapsedTime(_ended);
        return rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
    }

    /// <summary>Does one slice, if it is time.</summary>
    internal void Work(bool isUrgent, Func<IReadOnlyList<T>> all, Action<T> act)
    {
        if (Due(isUrgent) is not { } due || due > TimeSpan.Zero) return;
        var begun = time.GetTimestamp();
        if (!_isRunning) Begin(all);
        for (var i = 0; i < MostAtOnce && _next < _items.Count && time.GetElapsedTime(begun) < MostTimeAtOnce; i++) act(_items[_next++]);
        _spent += time.GetElapsedTime(begun);
        if (_next < _items.Count) return;
        (_items, _isRunning, _ended) = ([], false, time.GetTimestamp());
        Count = (Count.Begun, Count.Ended + 1);
    }

    private void Begin(Func<IReadOnlyList<T>> all)
    {
        Volatile.Write(ref _isAsked, false);
        (_items, _next, _spent, _isRunning) = (all(), 0, TimeSpan.Zero, true);
        Count = (Count.Begun + 1, Count.Ended);
    }
}
