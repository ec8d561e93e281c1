namespace Mgmt.Robustness.Histories;

/// <summary>Histories by chance: of a store that works, with as many answers made wrong as asked.</summary>
internal static class RandomHistory
{
    public static List<Operation> Make(Random random, int operations, int errors)
    {
        var (history, value, clients, values) = (new List<Operation>(), default(string), new long[4], 0);
        var now = 0L;
        for (var i = 0; i < operations; i++)
        {
            // Each operation is done at one moment, and its client sees that somewhat before and somewhat after.
            now += 10;
            var client = random.Next(clients.Length);
            var invoked = Math.Max(clients[client] + 1, now - random.Next(30));
            var act = (Act)random.Next(4);
            var next = act is Act.Put or Act.Swap ? $"v{++values}" : null;
            var expected = act == Act.Swap && random.Next(4) > 0 ? value : null;
            var outcome = random.Next(6) == 0 ? Outcome.Unknown : Outcome.Done;
            now = Math.Max(now, invoked);
            clients[client] = now + random.Next(30);
            history.Add(new(act, "k", outcome, invoked, clients[client]) { Value = next, Expected = expected, Seen = outcome == Outcome.Done ? value : null });
            if (outcome == Outcome.Unknown && random.Next(2) == 0) continue;
            if (act == Act.Put || act == Act.Delete || (act == Act.Swap && value == expected)) value = next;
        }

        for (; errors > 0; errors--)
        {
            var at = random.Next(history.Count);
            if (history[at].Outcome == Outcome.Done) history[at] = history[at] with { Seen = random.Next(4) == 0 ? null : $"v{random.Next(1, values + 1)}" };
        }

        return history;
    }

    /// <summary>Slow and obvious: every order of every choice of the unknown ones.</summary>
    public static bool TryEveryOrder(IReadOnlyList<Operation> history) => Try([.. history], null);

    private static bool Try(List<Operation> left, string? value)
    {
        if (left.All(static one => one.Outcome != Outcome.Done)) return true;
        foreach (var one in left.ToList())
        {
            if (left.Any(other => other.Outcome == Outcome.Done && other.Completed < one.Invoked)) continue;
            if (one.Outcome == Outcome.Done && one.Seen != value) continue;
            var next = one.Act switch
            {
                Act.Read => value,
                Act.Swap => one.Expected == value ? one.Value : value,
                _ => one.Value,
            };
            if (Try([.. left.Where(other => other != one)], next)) return true;
        }

        return false;
    }
}
