namespace Mgmt.Store.Watches;

/// <summary>
/// Finds the key ranges that contain a key: a sorted array read as a balanced tree, each part knowing its farthest end. Adding and removing are linear and
/// counted on to be rare beside asking.
/// </summary>
internal sealed class IntervalIndex<T>
    where T : class
{
    private readonly List<Interval> _intervals = [];
    private bool _isStale;

    public int Count => _intervals.Count;

    /// <summary>Adds the keys from start to before the end, or without end.</summary>
    public void Add(Bytes start, Bytes? end, T value)
    {
        _intervals.Add(new(start, end, value));
        _isStale = true;
    }

    public void Remove(T value)
    {
        _intervals.RemoveAll(one => ReferenceEquals(one.Value, value));
        _isStale = true;
    }

    /// <summary>Appends what contains the key.</summary>
    public void Find(Bytes key, List<T> found)
    {
        if (_isStale) Rebuild();
        Find(0, _intervals.Count, key, found);
    }

    private void Find(int from, int to, Bytes key, List<T> found)
    {
        while (from < to)
        {
            var middle = (from + to) / 2;
            var one = _intervals[middle];
            if (one.Farthest is { } farthest && key >= farthest) return;
            Find(from, middle, key, found);
            if (key < one.Start) return;
            if (one.End is not { } end || key < end) found.Add(one.Value);
            from = middle + 1;
        }
    }

    private void Rebuild()
    {
        _intervals.Sort(static (left, right) => left.Start.CompareTo(right.Start));
        SetFarthest(0, _intervals.Count);
        _isStale = false;
    }

    private (bool Any, Bytes? End) SetFarthest(int from, int to)
    {
        if (from >= to) return default;
        var middle = (from + to) / 2;
        var one = _intervals[middle];
        one.Farthest = one.End;
        Widen(one, SetFarthest(from, middle));
        Widen(one, SetFarthest(middle + 1, to));
        return (true, one.Farthest);
    }

    private static void Widen(Interval one, (bool Any, Bytes? End) part)
    {
        if (!part.Any || one.Farthest is null) return;
        if (part.End is null || part.End > one.Farthest) one.Farthest = part.End;
    }

    private sealed class Interval(Bytes start, Bytes? end, T value)
    {
        public Bytes Start => start;

        public Bytes? End => end;

        public T Value => value;

        public Bytes? Farthest { get; set; }
    }
}
