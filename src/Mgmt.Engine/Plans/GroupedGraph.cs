using Mgmt.Graphs;

namespace Mgmt.Engine.Plans;

/// <summary>
/// Makes groups of a graph's vertices and leads the edges on to them. A group takes its members in the order of their addresses. When <c>v</c> joins the group <c>u</c>, each
/// edge <c>x -> v</c> becomes <c>x -> u</c>; but where <c>x</c> already reaches <c>u</c>, in the graph as it was before <c>v</c> joined, the edge joins that way: its names
/// are added to every edge of it. The way is the shortest one, and where that forks, the vertex first by address is taken. The same holds, turned round, for <c>v -> y</c>.
/// An edge that notifies joins no way but an edge between the same two, since a refresh is not handed on.
/// </summary>
internal sealed class GroupedGraph
{
    private readonly IReadOnlyList<ResourceSpec> _resources;
    private readonly int[] _rank;
    private readonly Strand _into;
    private readonly Strand _outOf;
    private readonly string[] _names;

    private GroupedGraph(IReadOnlyList<ResourceSpec> resources, IReadOnlyList<PlanEdge> edges, IReadOnlyList<int[]> groups)
    {
        _resources = resources;
        _rank = Ranks(resources);
        var numbers = new Dictionary<string, int>(edges.Count, StringComparer.Ordinal);
        foreach (var edge in edges)
        {
            foreach (var name in edge.Names) numbers.TryAdd(name, 0);
        }

        _names = [.. numbers.Keys];
        Array.Sort(_names, StringComparer.Ordinal);
        for (var i = 0; i < _names.Length; i++) numbers[_names[i]] = i;
        var order = FinalOrder(resources.Count, edges, groups);
        _outOf = new Strand(order);
        _into = new Strand(Array.ConvertAll(order, place => -place));
        foreach (var edge in edges) Connect(edge.From, edge.To, new JointEdge([.. edge.Names.Select(name => numbers[name])], edge.Auto, edge.Notify));
    }

    /// <summary>The edges between the vertices, by the vertices' positions.</summary>
    public static IReadOnlyList<PlanEdge> Join(IReadOnlyList<ResourceSpec> resources, IReadOnlyList<PlanEdge> edges, IReadOnlyList<int[]> groups, Func<int, int> vertexOf)
    {
        if (groups.Count == 0) return edges;
        var graph = new GroupedGraph(resources, edges, groups);
        foreach (var group in groups)
        {
            foreach (var other in group.AsSpan(1)) graph.Merge(group[0], other);
        }

        return graph.Result(vertexOf);
    }

    private static int[] Ranks(IReadOnlyList<ResourceSpec> resources)
    {
        var rank = new int[resources.Count];
        var next = 0;
        foreach (var position in Enumerable.Range(0, rank.Length).OrderBy(position => resources[position].Address)) rank[position] = next++;
        return rank;
    }

    /// <summary>For each resource, the place of its group in an order of the graph with all groups made. On the way there the graph only gains ways, so it is an order all the time.</summary>
    private static int[] FinalOrder(int count, IReadOnlyList<PlanEdge> edges, IReadOnlyList<int[]> groups)
    {
        int[] leaders = [.. Enumerable.Range(0, count)];
        foreach (var group in groups)
        {
            foreach (var member in group) leaders[member] = group[0];
        }

        var order = new Digraph(count, edges.Select(edge => (leaders[edge.From], leaders[edge.To]))).AnyOrder()
            ?? throw new InvalidOperationException("the grouper has closed a cycle");
        var places = new int[count];
        for (var i = 0; i < count; i++) places[order[i]] = i;
        return Array.ConvertAll(leaders, leader => places[leader]);
    }

    private void Connect(int from, int to, JointEdge edge)
    {
        _outOf.Of(from).Add(to, edge);
        _into.Of(to).Add(from, edge);
    }

    private void Merge(int leader, int other)
    {
        // Judged for all edges before any is led on, so that their order does not matter.
        var before = LeadOn(leader, other, _into, _outOf);
        var after = LeadOn(leader, other, _outOf, _into);
        foreach (var (from, edge) in before) Connect(from, leader, edge);
        foreach (var (to, edge) in after) Connect(leader, to, edge);
        _into.Near(leader, before.Select(end => end.Neighbour));
        _outOf.Near(leader, after.Select(end => end.Neighbour));
    }

    /// <summary>Takes the edges of one side from a vertex that joins a group; answers those that have to be drawn to the group anew.</summary>
    private List<(int Neighbour, JointEdge Edge)> LeadOn(int leader, int other, Strand side, Strand opposite)
    {
        var fresh = new List<(int, JointEdge)>();
        foreach (var (neighbour, edge) in side.Of(other))
        {
            opposite.Of(neighbour).Remove(other);
            if (side.Of(leader).TryGetValue(neighbour, out var same)) same.Take(edge);
            else if (!edge.Notify && side.Distance(leader, neighbour) > 0) Follow(leader, neighbour, edge, side, opposite);
            else fresh.Add((neighbour, edge));
        }

        side.Clear(other);
        return fresh;
    }

    /// <summary>Adds an edge's names to all edges of the shortest way between a vertex and the group.</summary>
    private void Follow(int leader, int start, JointEdge edge, Strand side, Strand opposite)
    {
        for (var at = start; at != leader;)
        {
            var nearer = side.Distance(leader, at) - 1;
            var best = -1;
            foreach (var next in opposite.Of(at).Keys)
            {
                if (side.Distance(leader, next) == nearer && (best < 0 || _rank[next] < _rank[best])) best = next;
            }

            opposite.Of(at)[best].Take(edge);
            at = best;
        }
    }

    private IReadOnlyList<PlanEdge> Result(Func<int, int> vertexOf)
    {
        var edges = from at in Enumerable.Range(0, _resources.Count)
                    from end in _outOf.Of(at).OrderBy(end => end.Key)
                    select end.Value.ToPlan(vertexOf(at), vertexOf(end.Key), _names);
        return [.. edges];
    }
}
