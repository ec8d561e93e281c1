using Mgmt.Engine.Kinds;

namespace Mgmt.Engine.Plans;

/// <summary>Finds edges that nobody wrote: matches what resources wish for with what others are. Linear in resources, wishes and edges found.</summary>
internal sealed class AutoEdges
{
    private readonly IReadOnlyList<ResourceSpec> _resources;
    private readonly Dictionary<Identity, List<int>> _holders = [];
    private readonly Dictionary<(int From, int To), PlanEdge> _found = [];

    private AutoEdges(IReadOnlyList<ResourceSpec> resources) => _resources = resources;

    /// <summary>The edges that are not written as well, by resource. They may close cycles.</summary>
    public static IReadOnlyList<PlanEdge> Find(IReadOnlyList<ResourceSpec> resources, IEnumerable<PlanEdge> written)
    {
        var edges = new AutoEdges(resources);
        var ties = resources.Select(spec => spec.Kind.Tie(spec)).ToArray();
        for (var i = 0; i < ties.Length; i++) edges.Hold(i, ties[i]);
        if (edges._holders.Count == 0) return [];

        for (var i = 0; i < ties.Length; i++)
        {
            if (!resources[i].Meta.AutoEdge) continue;
            foreach (var wish in ties[i].Wishes) edges.Grant(i, wish);
        }

        // What is written wins: it keeps its own name, and whether it notifies.
        foreach (var edge in written) edges._found.Remove((edge.From, edge.To));
        return [.. edges._found.Values];
    }

    private void Hold(int resource, Ties ties)
    {
        foreach (var identity in ties.Identities)
        {
            if (!_holders.TryGetValue(identity, out var holders)) _holders.Add(identity, holders = new List<int>(1));
            holders.Add(resource);
        }
    }

    private void Grant(int resource, EdgeWish wish)
    {
        foreach (var identity in wish.Alternatives)
        {
            if (!_holders.TryGetValue(identity, out var holders) || (holders.Count == 1 && holders[0] == resource)) continue;

            // A holder that wants no automatic edges is the nearest all the same: what lies behind it is not meant.
            foreach (var holder in holders)
            {
                if (holder == resource || !_resources[holder].Meta.AutoEdge) continue;
                if (wish.Order == WishOrder.After) Add(holder, resource, identity, wish.Notify);
                else Add(resource, holder, identity, wish.Notify);
            }

            return;
        }
    }

    private void Add(int from, int to, Identity by, bool notify)
    {
        var name = $"auto: {by.Key}";
        if (!_found.TryGetValue((from, to), out var same)) _found.Add((from, to), new PlanEdge(from, to, [name], Auto: true, notify));
        else _found[(from, to)] = same with { Names = [.. same.Names.Append(name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], Notify = same.Notify || notify };
    }
}
