using Mgmt.Graphs;

namespace Mgmt.Engine.Plans;

/// <summary>
/// Takes pairs in ascending order of their addresses and groups each whose kind allows it and of which neither reaches the other, in the graph as the groups before have
/// left it; the first of a group leads it. As a group only ever gains ways, a pair that was refused stays refused: so one pass, leader by leader, sees all pairs.
/// </summary>
internal sealed class FirstFitGrouper : IGrouper
{
    // What the search may take; 30,000 resources that can all be grouped need this much.
    private const long MostBytes = 256L * 1024 * 1024;

    public static FirstFitGrouper Only { get; } = new();

    public IReadOnlyList<int[]> Choose(IReadOnlyList<ResourceSpec> resources, Digraph shape, List<string> warnings)
    {
        var classes = Classes(resources);
        if (classes.Count == 0) return [];
        int[] chosen = [.. classes.SelectMany(one => one).OrderBy(position => resources[position].Address)];
        if (Closure.SizeOf(resources.Count, chosen.Length) > MostBytes)
        {
            warnings.Add($"cannot group {chosen.Length} of {resources.Count} resources: that are too many; each of them runs by itself");
            return [];
        }

        return Search(new Closure(shape, chosen), chosen, classes);
    }

    /// <summary>The resources that the kinds' rules and their own fields allow to be grouped with one another, two or more in each class.</summary>
    private static List<List<int>> Classes(IReadOnlyList<ResourceSpec> resources)
    {
        var byKind = new Dictionary<string, List<List<int>>>(StringComparer.Ordinal);
        for (var i = 0; i < resources.Count; i++)
        {
            var spec = resources[i];
            if (!spec.Meta.AutoGroup || !spec.Kind.CanGroup(spec, spec)) continue;
            if (!byKind.TryGetValue(spec.Address.Kind, out var classes)) byKind.Add(spec.Address.Kind, classes = []);
            if (classes.Find(one => spec.Kind.CanGroup(resources[one[0]], spec)) is { } fitting) fitting.Add(i);
            else classes.Add([i]);
        }

        return [.. byKind.Values.SelectMany(classes => classes).Where(one => one.Count > 1)];
    }

    private static List<int[]> Search(Closure closure, int[] chosen, List<List<int>> classes)
    {
        var groups = new List<int[]>();
        var free = FreeOfEachClass(closure, chosen, classes);
        for (var leader = 0; leader < chosen.Length; leader++)
        {
            var others = free[leader];
            if ((others[leader / 64] >> (leader % 64) & 1) == 0) continue; // it is in a group
            var members = new List<int> { chosen[leader] };
            for (var other = closure.NextApart(leader, others, leader + 1); other >= 0; other = closure.NextApart(leader, others, other + 1))
            {
                closure.Join(leader, other);
                Closure.Exclude(others, other);
                members.Add(chosen[other]);
            }

            if (members.Count == 1) continue;
            closure.Publish(leader);
            groups.Add([.. members]);
        }

        return groups;
    }

    /// <summary>For each chosen resource, the set that all of its class share: who is in no group yet.</summary>
    private static ulong[][] FreeOfEachClass(Closure closure, int[] chosen, List<List<int>> classes)
    {
        var byPosition = new Dictionary<int, ulong[]>();
        foreach (var one in classes)
        {
            var set = closure.NoneOf();
            foreach (var position in one) byPosition.Add(position, set);
        }

        var free = Array.ConvertAll(chosen, position => byPosition[position]);
        for (var i = 0; i < chosen.Length; i++) Closure.Include(free[i], i);
        return free;
    }
}
