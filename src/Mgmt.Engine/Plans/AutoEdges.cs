using Mgmt.Engine.Kinds;

namespace Mgmt.Engine.Plans;

/// <summary>Finds edges that nobody wrote: matches what resources wish for with what others are. Linear in resources, identities, wishes, bonds and edges found.</summary>
internal sealed class AutoEdges
{
    private const int None = -1;

    private readonly IReadOnlyList<ResourceSpec> _resources;
    private readonly Dictionary<Identity, int> _holders = [];
    private readonly List<(int Resource, int Next)> _holdings = [];
    private readonly List<Arc> _found = [];

    private AutoEdges(IReadOnlyList<ResourceSpec> resources) => _resources = resources;

    /// <summary>The edges that are not written as well, in the order of who wished for them. They may close cycles.</summary>
    public static IReadOnlyList<Arc> Find(IReadOnlyList<ResourceSpec> resources, IReadOnlyList<Survey> surveys, IReadOnlyList<Arc> written)
    {
        var edges = new AutoEdges(resources);
        var own = new Ties[resources.Count];
        var learned = surveys.Where(survey => survey.Ties.Count > 0).Select(survey => survey.Ties).ToList();
        edges._holders.EnsureCapacity(resources.Count);
        for (var i = 0; i < own.Length; i++)
        {
            own[i] = resources[i].Kind.Tie(resources[i]);
            edges.Hold(i, own[i]);
            foreach (var ties in learned)
            {
                if (ties.TryGetValue(resources[i].Address, out var more)) edges.Hold(i, more);
            }
        }

        if (edges._holders.Count == 0) return [];
        for (var i = 0; i < own.Length; i++)
        {
            if (!resources[i].Meta.AutoEdge) continue;
            edges.Grant(i, own[i]);
            foreach (var ties in learned)
            {
                if (ties.TryGetValue(resources[i].Address, out var more)) edges.Grant(i, more);
            }
        }

        foreach (var survey in surveys)
        {
            foreach (var bond in survey.Bonds) edges.Tie(bond);
        }

        return edges.Without(written);
    }

    private void Hold(int resource, Ties ties)
    {
        for (var i = 0; i < ties.Identities.Count; i++)
        {
            ref var last = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_holders, ties.Identities[i], out var isKnown);
            _holdings.Add((resource, isKnown ? last : None));
            last = _holdings.Count - 1;
        }
    }

    private void Grant(int resource, Ties ties)
    {
        for (var i = 0; i < ties.Wishes.Count; i++)
        {
            var wish = ties.Wishes[i];
            if (wish.Alternatives is IReadOnlyList<Identity> list)
            {
                for (var j = 0; j < list.Count && !TryGrant(resource, wish, list[j]); j++);
                continue;
            }

            foreach (var identity in wish.Alternatives)
            {
                if (TryGrant(resource, wish, identity)) break;
            }
        }
    }

    /// <summary>Ties the resource to the holders of the identity; false when there is none but itself.</summary>
    private bool TryGrant(int resource, EdgeWish wish, Identity identity)
    {
        if (!_holders.TryGetValue(identity, out var holding)) return false;
        var isHeld = false;
        for (; holding != None; holding = _holdings[holding].Next)
        {
            var holder = _holdings[holding].Resource;
            if (holder == resource) continue;

            // A holder that wants no automatic edges is the nearest all the same: what lies behind it is not meant.
            isHeld = true;
            if (!_resources[holder].Meta.AutoEdge) continue;
            _found.Add(wish.Order == WishOrder.After ? new Arc(holder, resource, identity.Key, wish.Notify) : new Arc(resource, holder, identity.Key, wish.Notify));
        }

        return isHeld;
    }

    private void Tie(Bond bond)
    {
        var after = bond.After.SelectMany(HoldersOf).Distinct().ToList();
        if (after.Count == 0) return;
        foreach (var identity in bond.Before)
        {
            foreach (var first in HoldersOf(identity))
            {
                foreach (var then in after)
                {
                    if (first != then) _found.Add(new Arc(first, then, identity.Key, bond.Notify));
                }
            }
        }
    }

    private IEnumerable<int> HoldersOf(Identity identity)
    {
        if (!_holders.TryGetValue(identity, out var holding)) yield break;
        for (; holding != None; holding = _holdings[holding].Next)
        {
            if (_resources[_holdings[holding].Resource].Meta.AutoEdge) yield return _holdings[holding].Resource;
        }
    }

    // What is written wins: it keeps its own name, and whether it notifies.
    private List<Arc> Without(IReadOnlyList<Arc> written)
    {
        if (_found.Count == 0 || written.Count == 0) return _found;
        var taken = written.Select(arc => (arc.From, arc.To)).ToHashSet();
        return [.. _found.Where(arc => !taken.Contains((arc.From, arc.To)))];
    }
}
