namespace Mgmt.Store.Machine;

/// <summary>When the leader should propose a compaction, and at which revision.</summary>
/// <param name="Revisions">How many revisions to keep at least.</param>
/// <param name="Bytes">Unless they are more than so many bytes.</param>
public sealed record HistoryPolicy(int Revisions = Limits.HistoryRevisions, long Bytes = Limits.HistoryBytes)
{
    /// <summary>
    /// The revision to compact at, or null while there is not enough to forget. The history may grow by a tenth over its bounds first, so that compactions
    /// are few.
    /// </summary>
    public long? CompactAt(StoreView view)
    {
        var log = view.Log;
        if (log.Count == 0) return null;
        var byRevisions = view.Revision - Revisions;
        var byBytes = log.Total - log[0].Total > Bytes ? RevisionBehind(log, log.Total - Bytes) : 0;
        var at = Math.Max(byRevisions, byBytes);
        if (at <= view.CompactRevision || at < log[0].Revision) return null;
        var isLong = view.Revision - log[0].Revision >= Revisions + (Revisions / 10);
        var isBig = log.Total - log[0].Total >= Bytes + (Bytes / 10);
        return isLong || isBig ? at : null;
    }

    // The last revision whose events end at or before the total: those after it are what is kept.
    private static long RevisionBehind(EventLog log, long total)
    {
        var (low, high) = (0, log.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (log[middle].Total <= total) low = middle + 1;
            else high = middle;
        }

        if (low == 0) return 0;
        var revision = log[low - 1].Revision;
        return low < log.Count && log[low].Revision == revision ? revision - 1 : revision;
    }
}
