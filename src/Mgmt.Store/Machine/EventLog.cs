namespace Mgmt.Store.Machine;

/// <summary>
/// The history: events in order, numbered from the first that ever was. Immutable to whoever holds it: appending fills room behind what older versions see,
/// or copies the last chunk when another version has taken that room.
/// </summary>
internal sealed class EventLog
{
    private const int ChunkSize = 512;
    private readonly Chunk[] _chunks;
    private readonly int _skip;

    private EventLog(Chunk[] chunks, int skip, int count, long first) => (_chunks, _skip, Count, First) = (chunks, skip, count, first);

    public int Count { get; }

    /// <summary>The number of the first event that is kept; where there is none, that of the next.</summary>
    public long First { get; }

    /// <summary>The number of the next event.</summary>
    public long Next => First + Count;

    public Event this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
            var at = _skip + index;
            return _chunks[at / ChunkSize].Events[at % ChunkSize];
        }
    }

    /// <summary>The bytes of all events, in the sense of <see cref="Event.Total"/>.</summary>
    public long Total => Count == 0 ? 0 : this[Count - 1].Total;

    /// <summary>An empty log whose first event will have the number.</summary>
    public static EventLog StartingAt(long first) => new([], 0, 0, first);

    public EventLog Append(IReadOnlyList<Event> events)
    {
        var log = this;
        for (var at = 0; at < events.Count;) log = log.AppendSome(events, ref at);
        return log;
    }

    /// <summary>Forgets the events before the revision.</summary>
    public EventLog From(long revision)
    {
        var dropped = IndexOf(revision);
        if (dropped == 0) return this;
        if (dropped == Count) return StartingAt(Next);
        var skip = _skip + dropped;
        return new(_chunks[(skip / ChunkSize)..], skip % ChunkSize, Count - dropped, First + dropped);
    }

    /// <summary>Where the first event of this revision or of a later one is.</summary>
    public int IndexOf(long revision)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (this[middle].Revision < revision) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private EventLog AppendSome(IReadOnlyList<Event> events, ref int at)
    {
        var end = _skip + Count;
        var used = end % ChunkSize;
        var chunks = _chunks;
        if (used == 0) chunks = [.. _chunks, new Chunk()];
        else if (_chunks[^1].Used != used) chunks = [.. _chunks[..^1], _chunks[^1].Copy(used)];
        var last = chunks[^1];
        var count = Math.Min(ChunkSize - used, events.Count - at);
        for (var i = 0; i < count; i++) last.Events[used + i] = events[at + i];
        last.Used = used + count;
        at += count;
        return new(chunks, _skip, Count + count, First);
    }

    private sealed class Chunk
    {
        public Event[] Events { get; } = new Event[ChunkSize];

        public int Used { get; set; }

        public Chunk Copy(int used)
        {
            var copy = new Chunk { Used = used };
            Array.Copy(Events, copy.Events, used);
            return copy;
        }
    }
}
