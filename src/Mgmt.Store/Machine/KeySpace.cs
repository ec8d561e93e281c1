namespace Mgmt.Store.Machine;

/// <summary>The keys as a reader sees them: the live ones, the history behind them, and what the transaction that reads has done so far.</summary>
internal readonly record struct KeySpace(SortedTree<KeyValue> Live, EventLog Log, IReadOnlyList<Event> Fresh, long Revision, long CompactRevision)
{
    /// <summary>
    /// The keys of the range as they were after the revision, which is neither compacted nor to come. The first event after it tells what was before; so
    /// this takes as long as the history since is long.
    /// </summary>
    public IEnumerable<KeyValue> At(long revision, KeyRange range)
    {
        if (revision == Revision) return Live.Range(range);
        var past = new PastKeys();
        for (var i = Log.IndexOf(revision + 1); i < Log.Count; i++) Note(past, range, Log[i]);
        foreach (var one in Fresh) Note(past, range, one);
        return past.Range(Live, range);
    }

    private static void Note(PastKeys past, KeyRange range, Event one)
    {
        if (range.Contains(one.KeyValue.Key)) past.Note(one);
    }
}
