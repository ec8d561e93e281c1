namespace Mgmt.Engine.Plans;

/// <summary>Makes of arcs the edges that people see: one between two vertices, with all names.</summary>
internal static class DrawnEdges
{
    /// <summary>The written arcs, and after them those that were found.</summary>
    public static IReadOnlyList<PlanEdge> Of(IReadOnlyList<Arc> written, IReadOnlyList<Arc> found) =>
        [.. Join(written, isAuto: false), .. Join(found, isAuto: true)];

    // Hardly any two arcs lie between the same two, so that their names are gathered apart.
    private static List<PlanEdge> Join(IReadOnlyList<Arc> arcs, bool isAuto)
    {
        var edges = new List<PlanEdge>(arcs.Count);
        var indexes = new Dictionary<(int From, int To), int>(arcs.Count);
        var names = new Dictionary<int, SortedSet<string>>();
        foreach (var arc in arcs)
        {
            var name = isAuto ? $"auto: {arc.Name}" : arc.Name;
            if (indexes.TryAdd((arc.From, arc.To), edges.Count))
            {
                edges.Add(new PlanEdge(arc.From, arc.To, [name], isAuto, arc.Notify));
                continue;
            }

            var index = indexes[(arc.From, arc.To)];
            if (!names.TryGetValue(index, out var all)) names.Add(index, all = new SortedSet<string>(edges[index].Names, StringComparer.Ordinal));
            all.Add(name);
            if (arc.Notify) edges[index] = edges[index] with { Notify = true };
        }

        foreach (var (index, all) in names) edges[index] = edges[index] with { Names = [.. all] };
        return edges;
    }
}
