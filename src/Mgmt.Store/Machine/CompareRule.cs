using Mgmt.Store.Commands;

namespace Mgmt.Store.Machine;

/// <summary>Whether a transaction's condition holds.</summary>
internal static class CompareRule
{
    private static readonly KeyValue Missing = new(default, default, 0, 0, 0, 0);

    public static bool Holds(KeySpace space, Compare compare)
    {
        var any = false;
        foreach (var one in space.Live.Range(compare.Keys))
        {
            any = true;
            if (!Holds(one, compare)) return false;
        }

        // No value is not the empty value: there is no way to ask for its absence by value.
        return any || (compare.Target != CompareTarget.Value && Holds(Missing, compare));
    }

    private static bool Holds(KeyValue one, Compare compare)
    {
        var order = compare.Target switch
        {
            CompareTarget.Version => one.Version.CompareTo(compare.Number),
            CompareTarget.Create => one.CreateRevision.CompareTo(compare.Number),
            CompareTarget.Mod => one.ModRevision.CompareTo(compare.Number),
            CompareTarget.Lease => one.Lease.CompareTo(compare.Number),
            _ => one.Value.CompareTo(compare.Value),
        };
        return compare.Result switch
        {
            CompareResult.Equal => order == 0,
            CompareResult.NotEqual => order != 0,
            CompareResult.Greater => order > 0,
            _ => order < 0,
        };
    }
}
