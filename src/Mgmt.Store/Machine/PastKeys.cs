namespace Mgmt.Store.Machine;

/// <summary>What differs between the live keys and an earlier revision: of each key changed since, what was before the first change.</summary>
internal sealed class PastKeys
{
    private readonly Dictionary<Bytes, KeyValue?> _former = [];
    private KeyValuePair<Bytes, KeyValue?>[]? _sorted;

    /// <summary>The keys of a state as they were at its compaction.</summary>
    public static PastKeys AtCompaction(StoreView view)
    {
        var past = new PastKeys();
        for (var i = view.Log.IndexOf(view.CompactRevision + 1); i < view.Log.Count; i++) past.Note(view.Log[i]);
        return past;
    }

    /// <summary>Takes a change in; they come in order, and the first of a key counts.</summary>
    public void Note(Event one) => _former.TryAdd(one.KeyValue.Key, one.Previous);

    /// <summary>The keys of the range as they were, in order.</summary>
    public IEnumerable<KeyValue> Range(SortedTree<KeyValue> live, KeyRange range) => _former.Count == 0 ? live.Range(range) : Merge(live, range);

    private IEnumerable<KeyValue> Merge(SortedTree<KeyValue> live, KeyRange range)
    {
        var sorted = _sorted ??= [.. _former.OrderBy(static one => one.Key)];
        var at = FirstFrom(sorted, range.Key);
        foreach (var one in live.Range(range))
        {
            for (; at < sorted.Length && sorted[at].Key < one.Key; at++)
            {
                if (sorted[at].Value is { } gone && range.Contains(gone.Key)) yield return gone;
            }

            var hasChanged = at < sorted.Length && sorted[at].Key == one.Key;
            if ((hasChanged ? sorted[at++].Value : one) is { } former) yield return former;
        }

        for (; at < sorted.Length && range.Contains(sorted[at].Key); at++)
        {
            if (sorted[at].Value is { } gone) yield return gone;
        }
    }

    private static int FirstFrom(KeyValuePair<Bytes, KeyValue?>[] sorted, Bytes key)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle].Key < key) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
