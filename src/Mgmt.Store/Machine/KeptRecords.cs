namespace Mgmt.Store.Machine;

/// <summary>What a state is made of: what each key was at the compaction, and what happened since.</summary>
internal static class KeptRecords
{
    /// <summary>
    /// The keys as they were at the compaction: those that nothing has changed since, by key, then those that something has, by when. Each comes once, because
    /// only the first change after the compaction can have it as what was before.
    /// </summary>
    public static IEnumerable<KeyValue> Base(StoreView view)
    {
        foreach (var one in view.Live.Range(KeyRange.All))
        {
            if (one.ModRevision <= view.CompactRevision) yield return one;
        }

        for (var i = view.Log.IndexOf(view.CompactRevision + 1); i < view.Log.Count; i++)
        {
            if (view.Log[i].Previous is { } previous && previous.ModRevision <= view.CompactRevision) yield return previous;
        }
    }
}
