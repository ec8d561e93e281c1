namespace Mgmt.Engine.Plans;

/// <summary>Makes of arcs the edges that people see: one between two vertices, with all names.</summary>
internal static class DrawnEdges
{
    /// <summary>The written arcs, and after them those that were found; each by the position of where they come from.</summary>
    public static IReadOnlyList<PlanEdge> Of(int resources, IReadOnlyList<Arc> written, IReadOnlyList<Arc> found) =>
        [.. Join(resources, written, isAuto: false), .. Join(resources, found, isAuto: true)];

    // Hardly any two arcs lie between the same two, so that their names are gathered apart.
    private static List<PlanEdge> Join(int resources, IReadOnlyList<Arc> arcs, bool isAuto)
    {
        var edges = new List<PlanEdge>(arcs.Count);
        var names = new Dictionary<int, SortedSet<string>>();
        var edgeTo = new int[resources]; // 1 more than its index; older ones come from elsewhere
        foreach (var index in ByStart(resources, arcs))
        {
            var arc = arcs[index];
            var name = isAuto ? $"auto: {arc.Name}" : arc.Name;
            var same = edgeTo[arc.To] - 1;
            if (same < 0 || edges[same].From != arc.From)
            {
                edges.Add(new PlanEdge(arc.From, arc.To, [name], isAuto, arc.Notify));
                edgeTo[arc.To] = edges.Count;
                continue;
            }

            if (!names.TryGetValue(same, out var all)) names.Add(same, all = new SortedSet<string>(edges[same].Names, StringComparer.Ordinal));
            all.Add(name);
            if (arc.Notify) edges[same] = edges[same] with { Notify = true };
        }

        foreach (var (index, all) in names) edges[index] = edges[index] with { Names = [.. all] };
        return edges;
    }

    private static int[] ByStart(int resources, IReadOnlyList<Arc> arcs)
    {
        var next = new int[resources + 1];
        for (var i = 0; i < arcs.Count; i++) next[arcs[i].From + 1]++;
        for (var i = 0; i < resources; i++) next[i + 1] += next[i];
        var order = new int[arcs.Count];
        for (var i = 0; i < order.Length; i++) order[next[arcs[i].From]++] = i;
        return order;
    }
}
