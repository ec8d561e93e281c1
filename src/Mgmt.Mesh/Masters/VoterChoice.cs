namespace Mgmt.Mesh.Masters;

/// <summary>Chooses who should vote, from all who could: spread over the zones as far as they go, and else the best of each.</summary>
internal static class VoterChoice
{
    /// <summary>Keeps the voters there are and fills their number up; with too many, those go that the zones miss least.</summary>
    public static IReadOnlyList<Contender> Keeping(IReadOnlyList<Contender> voters, IReadOnlyList<Contender> candidates, int size)
    {
        var fit = voters.Where(static one => one.IsFit).ToList();
        var wished = candidates.Where(static one => one.IsWished).Take(size).ToList();
        var kept = Spread([], [.. fit, .. wished], size);
        kept = Spread(kept, candidates, size);
        return kept.Count < size ? Spread(kept, [.. voters.Where(static one => one.Standing == Standing.GoneVoter)], size) : kept;
    }

    /// <summary>Spreads them as evenly as can be, whoever votes now; among equals a voter stays.</summary>
    public static IReadOnlyList<Contender> Best(IReadOnlyList<Contender> voters, IReadOnlyList<Contender> candidates, int size) =>
        Spread([], [.. voters.Where(static one => one.IsFit), .. candidates], size);

    /// <summary>How uneven a choice is: the less, the more evenly it is spread over the zones.</summary>
    public static int Unevenness(IEnumerable<Contender> chosen) => chosen.GroupBy(static one => one.Zone).Sum(static zone => zone.Count() * zone.Count());

    // The wished ones first, then one after another from the zone that has fewest, the best of it first. A zone's turn among equals is by its best one.
    private static List<Contender> Spread(IReadOnlyList<Contender> chosen, IReadOnlyList<Contender> pool, int size)
    {
        var result = chosen.ToList();
        var counts = chosen.GroupBy(static one => one.Zone).ToDictionary(static zone => zone.Key, static zone => zone.Count());
        var rest = pool.Except(chosen).Order().ToList();
        foreach (var wished in rest.Where(static one => one.IsWished)) Take(wished);
        var zones = rest.Where(static one => !one.IsWished).GroupBy(static one => one.Zone).Select(static zone => new Queue<Contender>(zone)).ToList();
        while (result.Count < size && zones.Where(static zone => zone.Count > 0).MinBy(zone => (counts.GetValueOrDefault(zone.Peek().Zone), Best: zone.Peek())) is { } next) Take(next.Dequeue());
        return result;

        void Take(Contender one)
        {
            if (result.Count >= size) return;
            result.Add(one);
            counts[one.Zone] = counts.GetValueOrDefault(one.Zone) + 1;
        }
    }
}
