using Mgmt.Store.Commands;

namespace Mgmt.Store.Tests.Machine;

/// <summary>Operations and transactions of the model.</summary>
internal sealed partial class Model
{
    private void Plan(Operation.Txn txn, Dictionary<Operation.Txn, bool> plan)
    {
        plan[txn] = txn.Compares.All(Holds);
        foreach (var nested in Branch(txn, plan).OfType<Operation.Txn>()) Plan(nested, plan);
    }

    private static IReadOnlyList<Operation> Branch(Operation.Txn txn, Dictionary<Operation.Txn, bool> plan) => plan[txn] ? txn.Success : txn.Failure;

    private static IEnumerable<Operation> Leaves(Operation.Txn txn, Dictionary<Operation.Txn, bool> plan) =>
        Branch(txn, plan).SelectMany(one => one is Operation.Txn nested ? Leaves(nested, plan) : [one]);

    private StoreError? CheckPuts(Operation.Txn txn, Dictionary<Operation.Txn, bool> plan)
    {
        foreach (var put in Leaves(txn, plan).OfType<Operation.Put>())
        {
            if ((put.IgnoreLease || put.IgnoreValue) && !_now.ContainsKey(put.Key)) return StoreError.KeyNotFound;
            if (put.Lease != 0 && !_leases.ContainsKey(put.Lease)) return StoreError.LeaseNotFound;
        }

        return null;
    }

    private StoreError? CheckRanges(Operation.Txn txn, Dictionary<Operation.Txn, bool> plan)
    {
        foreach (var range in Leaves(txn, plan).OfType<Operation.Range>())
        {
            if (range.Revision > Revision) return StoreError.FutureRevision;
            if (range.Revision != 0 && range.Revision < _compacted) return StoreError.Compacted;
        }

        return null;
    }

    private bool Holds(Compare compare)
    {
        var keys = _now.Values.Where(one => compare.Keys.Contains(one.Key)).ToList();
        if (keys.Count == 0 && compare.Target == CompareTarget.Value) return false;
        if (keys.Count == 0) keys.Add(new(default, default, 0, 0, 0, 0));
        return keys.All(one => (compare.Result, compare.Target) switch
        {
            (CompareResult.Equal, CompareTarget.Value) => one.Value == compare.Value,
            (CompareResult.NotEqual, CompareTarget.Value) => one.Value != compare.Value,
            (CompareResult.Greater, CompareTarget.Value) => one.Value > compare.Value,
            (CompareResult.Less, CompareTarget.Value) => one.Value < compare.Value,
            (CompareResult.Equal, var target) => Number(one, target) == compare.Number,
            (CompareResult.NotEqual, var target) => Number(one, target) != compare.Number,
            (CompareResult.Greater, var target) => Number(one, target) > compare.Number,
            (_, var target) => Number(one, target) < compare.Number,
        });
    }

    private static long Number(KeyValue one, CompareTarget target) => target switch
    {
        CompareTarget.Version => one.Version,
        CompareTarget.Create => one.CreateRevision,
        CompareTarget.Mod => one.ModRevision,
        _ => one.Lease,
    };

    private Response Txn(Operation.Txn txn, Dictionary<Operation.Txn, bool> plan)
    {
        var responses = Branch(txn, plan).Select(one => One(one, plan)).ToList();
        return responses.Find(one => one is Response.Failed) ?? new Response.Txn(0, plan[txn], responses);
    }

    private Response One(Operation operation, Dictionary<Operation.Txn, bool> plan)
    {
        switch (operation)
        {
            case Operation.Range range: return Range(range);
            case Operation.Txn txn: return Txn(txn, plan);
            case Operation.DeleteRange delete:
                var gone = _now.Values.Where(one => delete.Keys.Contains(one.Key)).ToList();
                gone.ForEach(Delete);
                return new Response.DeleteRange(Current, gone.Count, delete.WantsPrevious ? gone : []);
            case Operation.Put put:
                var old = _now.GetValueOrDefault(put.Key);
                if ((put.IgnoreValue || put.IgnoreLease) && old is null) return new Response.Failed(StoreError.KeyNotFound);
                var rev = Revision + 1;
                var now = new KeyValue(put.Key, put.IgnoreValue ? old!.Value : put.Value, old?.CreateRevision ?? rev, rev, (old?.Version ?? 0) + 1, put.IgnoreLease ? old!.Lease : put.Lease);
                _now[put.Key] = now;
                _events.Add($"Put {Text.Of(now)} was {Text.Of(old)}");
                return new Response.Put(rev, put.WantsPrevious ? old : null);
            default: throw new ArgumentException($"{operation}");
        }
    }

    private Response Range(Operation.Range range)
    {
        if (range.Revision > Current) return new Response.Failed(StoreError.FutureRevision);
        var at = range.Revision <= 0 ? Current : range.Revision;
        if (at < _compacted) return new Response.Failed(StoreError.Compacted);
        var all = (at == Current ? _now : _past[at]).Values.Where(one => range.Keys.Contains(one.Key)).ToList();
        if (range.CountOnly) return new Response.Range(Current, [], false, all.Count);
        var (min, max, cmin, cmax) = (range.MinModRevision, range.MaxModRevision, range.MinCreateRevision, range.MaxCreateRevision);
        var looksAtAll = range.Order != SortOrder.None || min != 0 || max != 0 || cmin != 0 || cmax != 0;
        IEnumerable<KeyValue> some = looksAtAll || range.Limit <= 0 ? all : all.Take((int)range.Limit + 1);
        some = some.Where(one => (max == 0 || one.ModRevision <= max) && one.ModRevision >= min && (cmax == 0 || one.CreateRevision <= cmax) && one.CreateRevision >= cmin);
        IComparer<KeyValue> by = Comparer<KeyValue>.Create((x, y) => range.Target switch
        {
            SortTarget.Key => x.Key.CompareTo(y.Key),
            SortTarget.Value => x.Value.CompareTo(y.Value),
            SortTarget.Version => x.Version.CompareTo(y.Version),
            SortTarget.Create => x.CreateRevision.CompareTo(y.CreateRevision),
            _ => x.ModRevision.CompareTo(y.ModRevision),
        });
        var sorted = (range.Order == SortOrder.Descend ? some.OrderDescending(by) : some.Order(by)).ToList();
        var kept = range.Limit > 0 ? sorted.Take((int)range.Limit).ToList() : sorted;
        return new Response.Range(Current, range.KeysOnly ? kept.ConvertAll(one => one with { Value = default }) : kept, kept.Count < sorted.Count, all.Count);
    }
}
