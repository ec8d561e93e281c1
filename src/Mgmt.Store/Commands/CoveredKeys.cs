namespace Mgmt.Store.Commands;

/// <summary>
/// The keys that deletions cover, as ranges apart from each other in order. The end is taken literally, as etcd does when it checks a transaction: a range
/// without end covers its first key only.
/// </summary>
internal sealed class CoveredKeys
{
    private List<(Bytes Start, Bytes End)> _ranges = [];

    public void Add(IEnumerable<KeyRange> ranges)
    {
        var more = ranges.Select(static one => (one.Key, one.End > one.Key ? one.End : After(one.Key))).ToList();
        more.Sort(static (left, right) => left.Item1.CompareTo(right.Item1));
        Merge(more);
    }

    public void Add(CoveredKeys other) => Merge(other._ranges);

    public bool Contains(Bytes key)
    {
        var (low, high) = (0, _ranges.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_ranges[middle].Start <= key) low = middle + 1;
            else high = middle;
        }

        return low > 0 && key < _ranges[low - 1].End;
    }

    private void Merge(List<(Bytes Start, Bytes End)> more)
    {
        if (more.Count == 0) return;
        var merged = new List<(Bytes Start, Bytes End)>(_ranges.Count + more.Count);
        var (i, j) = (0, 0);
        while (i < _ranges.Count || j < more.Count)
        {
            var takesOwn = j == more.Count || (i < _ranges.Count && _ranges[i].Start <= more[j].Start);
            var next = takesOwn ? _ranges[i++] : more[j++];
            if (merged.Count == 0 || next.Start > merged[^1].End) merged.Add(next);
            else if (next.End > merged[^1].End) merged[^1] = (merged[^1].Start, next.End);
        }

        _ranges = merged;
    }

    private static Bytes After(Bytes key)
    {
        var after = new byte[key.Length + 1];
        key.Span.CopyTo(after);
        return Bytes.Own(after);
    }
}
