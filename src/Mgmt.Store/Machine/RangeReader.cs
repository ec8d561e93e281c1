using Mgmt.Store.Commands;

namespace Mgmt.Store.Machine;

/// <summary>Answers a range with all of etcd's options, its oddities kept: filters and an asked-for order look at everything before the limit cuts.</summary>
internal static class RangeReader
{
    public static Response Read(KeySpace space, Operation.Range request)
    {
        if (request.Revision > space.Revision) return new Response.Failed(StoreError.FutureRevision);
        var revision = request.Revision <= 0 ? space.Revision : request.Revision;
        if (revision < space.CompactRevision) return new Response.Failed(StoreError.Compacted);
        var (kept, count) = Fetch(space, request, revision);
        if (request.CountOnly || count == 0) return new Response.Range(space.Revision, [], More: false, count);
        Filter(kept, request);
        kept = Sort(kept, request);
        var more = request.Limit > 0 && kept.Count > request.Limit;
        if (more) kept.RemoveRange((int)request.Limit, kept.Count - (int)request.Limit);
        if (request.KeysOnly) kept = kept.ConvertAll(static one => one with { Value = default });
        return new Response.Range(space.Revision, kept, more, count);
    }

    private static (List<KeyValue> Kept, long Count) Fetch(KeySpace space, Operation.Range request, long revision)
    {
        var isPresent = revision == space.Revision;
        if (isPresent && request.CountOnly) return ([], space.Live.CountOf(request.Keys));
        var keys = space.At(revision, request.Keys);
        if (request.CountOnly) return ([], keys.Count());

        // One more than asked for shows whether there are more.
        var most = request.Limit > 0 && request.Order == SortOrder.None && !HasFilter(request) ? Math.Min(request.Limit, int.MaxValue - 1) + 1 : int.MaxValue;
        if (isPresent)
        {
            var count = space.Live.CountOf(request.Keys);
            var kept = new List<KeyValue>((int)Math.Min(count, most));
            kept.AddRange(keys.Take((int)most));
            return (kept, count);
        }

        var all = keys.ToList();
        return (all.Count > most ? all[..(int)most] : all, all.Count);
    }

    private static bool HasFilter(Operation.Range request) =>
        request.MinModRevision != 0 || request.MaxModRevision != 0 || request.MinCreateRevision != 0 || request.MaxCreateRevision != 0;

    private static void Filter(List<KeyValue> kept, Operation.Range request)
    {
        if (!HasFilter(request)) return;
        kept.RemoveAll(one =>
            (request.MaxModRevision != 0 && one.ModRevision > request.MaxModRevision)
            || (request.MinModRevision != 0 && one.ModRevision < request.MinModRevision)
            || (request.MaxCreateRevision != 0 && one.CreateRevision > request.MaxCreateRevision)
            || (request.MinCreateRevision != 0 && one.CreateRevision < request.MinCreateRevision));
    }

    // The keys come in their order, and equals stay in it: the sort is stable.
    private static List<KeyValue> Sort(List<KeyValue> kept, Operation.Range request)
    {
        if (request.Target == SortTarget.Key)
        {
            if (request.Order == SortOrder.Descend) kept.Reverse();
            return kept;
        }

        var descends = request.Order == SortOrder.Descend;
        return request.Target switch
        {
            SortTarget.Version => By(kept, static one => one.Version, descends),
            SortTarget.Create => By(kept, static one => one.CreateRevision, descends),
            SortTarget.Mod => By(kept, static one => one.ModRevision, descends),
            _ => By(kept, static one => one.Value, descends),
        };
    }

    private static List<KeyValue> By<TField>(List<KeyValue> kept, Func<KeyValue, TField> field, bool descends) =>
        [.. descends ? kept.OrderByDescending(field) : kept.OrderBy(field)];
}
