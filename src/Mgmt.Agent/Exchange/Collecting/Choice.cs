using Mgmt.Engine;

namespace Mgmt.Agent.Exchange;

/// <summary>
/// What a host takes of all that is exported: a pure function of its own definition, the offers, and who had what before. What its own graph has, it keeps; of several exporters of one thing
/// the first one stays.
/// </summary>
internal sealed class Choice
{
    private readonly OwnThings _own;
    private readonly IReadOnlyDictionary<Thing, string> _holders;
    private readonly List<Collected> _taken = [];
    private readonly List<string> _complaints = [];

    private Choice(OwnThings own, IReadOnlyDictionary<Thing, string> holders) => (_own, _holders) = (own, holders);

    /// <summary>Takes what entries ask for.</summary>
    /// <param name="entries">Those of this host's own graph.</param>
    /// <param name="own">What that graph has itself.</param>
    /// <param name="offers">Everything that is exported, this host's own included.</param>
    /// <param name="holders">Who had each thing the last time: <see cref="Collected.Holder"/>.</param>
    /// <returns>What is taken, in the order of addresses, and whole sentences about what is not.</returns>
    public static (IReadOnlyList<Collected> Taken, IReadOnlyList<string> Complaints) Of(
        IReadOnlyList<CollectSpec> entries, OwnThings own, IEnumerable<Offer> offers, IReadOnlyDictionary<Thing, string> holders)
    {
        var choice = new Choice(own, holders);
        foreach (var rivals in Candidates(entries, offers).GroupBy(static one => one.Thing)) choice.Choose([.. rivals]);
        choice._taken.Sort(static (one, other) => one.Spec.Address.CompareTo(other.Spec.Address));
        return (choice._taken, choice._complaints);
    }

    // One offer may go to several places; each place has it once.
    private static IEnumerable<Collected> Candidates(IReadOnlyList<CollectSpec> entries, IEnumerable<Offer> offers)
    {
        foreach (var offer in offers)
        {
            var patterns = new List<string>();
            foreach (var entry in entries)
            {
                if (entry.Kind != offer.Kind.Name || !entry.TakesFrom(offer.Host) || (offer.Kind.RunsForExporter && !entry.MayRun) || patterns.Contains(entry.Pattern)) continue;
                patterns.Add(entry.Pattern);
                yield return offer.As(entry.Pattern, isFirst: patterns.Count == 1);
            }
        }
    }

    private void Choose(IReadOnlyList<Collected> rivals)
    {
        var free = rivals.Where(one => !IsOwn(one)).ToList();
        if (free.Count == 0) return;
        var first = free.Find(one => _holders.TryGetValue(one.Thing, out var holder) && holder == one.Holder)
            ?? free.OrderBy(static one => one.Offer.Since).ThenBy(static one => one.Offer.Host, StringComparer.Ordinal).ThenBy(static one => one.Offer.Name, StringComparer.Ordinal).First();
        _taken.Add(first with { IsContested = free.Count > 1 });
        foreach (var other in free)
        {
            if (!ReferenceEquals(other, first) && !IsTheSame(other.Spec, first.Spec)) Complain(other, $"{Words.Short(first.Offer.Address)} of {first.Offer.Host} is collected as that, and stays");
        }
    }

    private bool IsOwn(Collected one)
    {
        if (_own.Find(one) is not { } own) return false;
        if (!IsTheSame(one.Spec, own)) Complain(one, $"{Words.Short(own.Address)} of this host's own graph is that, and stays");
        return true;
    }

    // Two hosts may well ask for the same package in the same words; the same file of two hosts is a mistake of one of them.
    private static bool IsTheSame(ResourceSpec one, ResourceSpec other) => one.Kind.NameIsTheThing && one.Address == other.Address && one.Values.Equals(other.Values);

    private void Complain(Collected loser, string why) => _complaints.Add(
        $"cannot collect {Words.Short(loser.Offer.Address)} of {loser.Offer.Host} as {Words.Short(loser.Thing.Key)}: {why}; rename one of the two, or name in from whom to collect from");
}
