namespace Mgmt.Robustness.Histories;

/// <summary>
/// Settles most writes of unknown outcome of one key before the search, which each of them would double otherwise. It is sound because no value is written
/// twice, and every operation that is done tells what it found.
/// </summary>
internal static class UnknownWrites
{
    public static List<Operation> Settle(List<Operation> history)
    {
        // A settled swap tells of the value that it expected, and so may settle another.
        for (; ;)
        {
            var firstSeen = FirstSeen(history);
            var settled = history.ConvertAll(one => Settled(one, firstSeen));
            if (settled.SequenceEqual(history)) return settled.FindAll(one => IsToBeKept(one, firstSeen));
            history = settled;
        }
    }

    private static Dictionary<string, long> FirstSeen(List<Operation> history)
    {
        var firstSeen = new Dictionary<string, long>();
        foreach (var one in history.Where(static one => one.Outcome == Outcome.Done && one.Seen is not null))
        {
            firstSeen[one.Seen!] = Math.Min(one.Completed, firstSeen.GetValueOrDefault(one.Seen!, long.MaxValue));
        }

        return firstSeen;
    }

    // A swap whose value somebody found has found what it expected, and was done before that answer came.
    private static Operation Settled(Operation one, Dictionary<string, long> firstSeen) =>
        one is { Outcome: Outcome.Unknown, Act: Act.Swap } && firstSeen.TryGetValue(one.Value!, out var seen) ? one with { Outcome = Outcome.Done, Completed = seen, Seen = one.Expected } : one;

    // A read that was not answered says nothing. A value that nobody ever found is one that might as well never have been written.
    private static bool IsToBeKept(Operation one, Dictionary<string, long> firstSeen) => one.Outcome switch
    {
        Outcome.Done => true,
        Outcome.Unknown => one.Act == Act.Delete || (one.Value is not null && firstSeen.ContainsKey(one.Value)),
        _ => false,
    };
}
