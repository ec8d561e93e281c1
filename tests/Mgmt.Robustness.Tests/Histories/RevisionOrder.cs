namespace Mgmt.Robustness.Histories;

/// <summary>
/// Holds what clients were told against the history that the watches told: each write at its revision, what each operation found, and that revisions never go
/// back in real time. Unlike the search it sees all keys together, and a lost write by name.
/// </summary>
internal static class RevisionOrder
{
    /// <summary>What is wrong, at most twenty of it.</summary>
    /// <param name="operations">What the clients did.</param>
    /// <param name="changes">All changes from the first revision on, in order.</param>
    public static IReadOnlyList<string> Check(IReadOnlyList<Operation> operations, IReadOnlyList<Change> changes)
    {
        var byKey = changes.GroupBy(static one => one.Key).ToDictionary(static one => one.Key, static one => one.ToArray());
        var done = operations.Where(static one => one.Outcome == Outcome.Done).ToList();
        return [.. Writes(done, byKey).Concat(Findings(done, byKey)).Concat(Inventions(operations, changes)).Concat(RealTime(done)).Take(20)];
    }

    // Every write that was acknowledged is there, at the revision that the answer said.
    private static IEnumerable<string> Writes(IEnumerable<Operation> done, Dictionary<string, Change[]> byKey) =>
        from one in done
        where one.Wrote && !(Find(byKey, one.Key, one.Revision) is { } change && change.Revision == one.Revision && change.Value == one.Value)
        select $"lost: {one}; the watches have {Find(byKey, one.Key, one.Revision)?.ToString() ?? "nothing"}";

    // What an operation found is what the key was at the revision of the answer, before the write if it wrote.
    private static IEnumerable<string> Findings(IEnumerable<Operation> done, Dictionary<string, Change[]> byKey) =>
        from one in done
        let there = Find(byKey, one.Key, one.Wrote ? one.Revision - 1 : one.Revision)?.Value
        where there != one.Seen
        select $"found what was not there: {one}; there was {there ?? "nothing"}";

    // What was refused never happens, and nothing happens that nobody asked for.
    private static IEnumerable<string> Inventions(IReadOnlyList<Operation> operations, IEnumerable<Change> changes)
    {
        var keys = operations.Select(static one => one.Key).ToHashSet();
        var writers = operations.Where(static one => one.Value is not null).ToDictionary(static one => one.Value!);
        var seen = new HashSet<string>();
        foreach (var change in changes.Where(one => one.Value is not null && keys.Contains(one.Key)))
        {
            if (!seen.Add(change.Value!)) yield return $"written twice: {change}";
            if (!writers.TryGetValue(change.Value!, out var writer)) yield return $"written by nobody: {change}";
            else if (!writer.MayHaveWritten) yield return $"done though it was not: {change} by {writer}";
        }
    }

    // What completed before another was sent is not after it.
    private static IEnumerable<string> RealTime(List<Operation> done)
    {
        var completed = done.OrderBy(static one => one.Completed).ToList();
        var (next, latest) = (0, default(Operation));
        foreach (var one in done.OrderBy(static one => one.Invoked))
        {
            for (; next < completed.Count && completed[next].Completed < one.Invoked; next++)
            {
                if (latest is null || completed[next].Revision > latest.Revision) latest = completed[next];
            }

            if (latest is not null && (one.Wrote ? one.Revision <= latest.Revision : one.Revision < latest.Revision)) yield return $"stale: {one} though before it {latest}";
        }
    }

    private static Change? Find(Dictionary<string, Change[]> byKey, string key, long revision)
    {
        if (!byKey.TryGetValue(key, out var changes)) return null;
        var (low, high) = (0, changes.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (changes[middle].Revision <= revision) low = middle + 1;
            else high = middle;
        }

        return low == 0 ? null : changes[low - 1];
    }
}
