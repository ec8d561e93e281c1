namespace Mgmt.Engine.Plans;

/// <summary>Adds automatic edges to written ones, leaving out those that would close a cycle.</summary>
internal sealed class AcyclicEdges
{
    private const int MostWarnings = 20;
    private const int NamedMembers = 50;

    private readonly IReadOnlyList<ResourceSpec> _resources;
    private readonly List<int>?[] _successors;

    private AcyclicEdges(IReadOnlyList<ResourceSpec> resources, IReadOnlyList<PlanEdge> written)
    {
        _resources = resources;
        _successors = new List<int>?[resources.Count];
        foreach (var edge in InOrder(written)) Connect(edge);
    }

    /// <summary>
    /// Those of the automatic edges that close no cycle with the written ones, which close none: they are taken one by one, by the addresses of their ends, and each that would close a
    /// cycle with those before it is left out with a warning.
    /// </summary>
    public static IReadOnlyList<Arc> Keep(IReadOnlyList<ResourceSpec> resources, IReadOnlyList<Arc> written, IReadOnlyList<Arc> found, List<string> warnings)
    {
        var edges = new AcyclicEdges(resources, DrawnEdges.Of(resources.Count, written, []));
        var kept = new HashSet<(int, int)>();
        var left = 0;
        foreach (var edge in edges.InOrder(DrawnEdges.Of(resources.Count, [], found)))
        {
            if (edges.WayBack(edge) is not { } way)
            {
                edges.Connect(edge);
                kept.Add((edge.From, edge.To));
            }
            else if (++left <= MostWarnings)
            {
                warnings.Add(edges.Warning(edge, way));
            }
        }

        if (left > MostWarnings) warnings.Add($"cannot add {left - MostWarnings} more automatic edges: they would close cycles as well; they are left out");
        return [.. found.Where(arc => kept.Contains((arc.From, arc.To)))];
    }

    // By address, so that which edges are left out does not depend on the order in which things were written.
    private IEnumerable<PlanEdge> InOrder(IEnumerable<PlanEdge> edges) => edges.OrderBy(edge => _resources[edge.From].Address).ThenBy(edge => _resources[edge.To].Address);

    private void Connect(PlanEdge edge) => (_successors[edge.From] ??= []).Add(edge.To);

    /// <summary>The shortest way from the edge's end to its start, both included; null when there is none.</summary>
    private List<int>? WayBack(PlanEdge edge)
    {
        var cameFrom = new Dictionary<int, int> { [edge.To] = edge.To };
        var pending = new Queue<int>([edge.To]);
        while (pending.TryDequeue(out var vertex))
        {
            foreach (var next in _successors[vertex] ?? [])
            {
                if (!cameFrom.TryAdd(next, vertex)) continue;
                if (next == edge.From) return Trace(cameFrom, next);
                pending.Enqueue(next);
            }
        }

        return null;
    }

    private static List<int> Trace(Dictionary<int, int> cameFrom, int end)
    {
        var way = new List<int> { end };
        while (cameFrom[way[^1]] != way[^1]) way.Add(cameFrom[way[^1]]);
        way.Reverse();
        return way;
    }

    private string Warning(PlanEdge edge, List<int> way)
    {
        var (from, to) = (_resources[edge.From].Address, _resources[edge.To].Address);
        var cycle = way.Take(NamedMembers).Select(member => _resources[member].Address.ToString()).Prepend(from.ToString()).ToList();
        if (way.Count > NamedMembers) cycle.AddRange([$"… {way.Count - NamedMembers - 1} more …", from.ToString()]);
        return $"cannot add the automatic edge {from} -> {to} ({string.Join(", ", edge.Names)}): it would close the cycle {string.Join(" -> ", cycle)}; it is left out; "
            + "set autoedge: false under meta of one of the two, or turn the written edge round";
    }
}
