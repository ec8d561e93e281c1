namespace Mgmt.Mesh.Raft.Log;

/// <summary>Where an entry is. The payload is there while it is in memory.</summary>
internal struct LogEntryPlace
{
    public long Term;
    public EntryKind Kind;
    public int Length;
    public int Offset;
    public Segment Segment;
    public byte[]? Payload;
}

/// <summary>The entries of the log by their index: a ring without gaps from <see cref="First"/> to <see cref="Last"/>. Not safe for threads.</summary>
internal sealed class EntryIndex
{
    private LogEntryPlace[] _ring = new LogEntryPlace[1024];
    private long _firstSlot;

    /// <summary>The first entry's index, or where it will be.</summary>
    public long First { get; private set; } = 1;

    /// <summary>The last entry's index; <see cref="First"/> - 1 when there is none.</summary>
    public long Last => First + Count - 1;

    public int Count { get; private set; }

    public ref LogEntryPlace this[long index]
    {
        get
        {
            if (index < First || index > Last) throw new ArgumentOutOfRangeException(nameof(index), index, $"not in {First}..{Last}");
            return ref _ring[(_firstSlot + (index - First)) & (_ring.Length - 1)];
        }
    }

    public bool Has(long index) => index >= First && index <= Last;

    public void Add(in LogEntryPlace entry)
    {
        if (Count == _ring.Length) Grow();
        Count++;
        this[Last] = entry;
    }

    /// <summary>Drops an entry and all after it.</summary>
    public void DropFrom(long index)
    {
        for (var at = Math.Max(index, First); at <= Last; at++) this[at] = default;
        Count = (int)Math.Clamp(index - First, 0, Count);
    }

    /// <summary>Drops an entry and all before it.</summary>
    public void DropThrough(long index)
    {
        var drop = (int)Math.Clamp(index - First + 1, 0, Count);
        for (var at = First; at < First + drop; at++) this[at] = default;
        _firstSlot += drop;
        First += drop;
        Count -= drop;
    }

    /// <summary>Drops everything; the next entry has this index.</summary>
    public void Restart(long first)
    {
        DropFrom(First);
        First = first;
    }

    private void Grow()
    {
        var ring = new LogEntryPlace[_ring.Length * 2];
        for (var at = 0; at < Count; at++) ring[at] = this[First + at];
        (_ring, _firstSlot) = (ring, 0);
    }
}
