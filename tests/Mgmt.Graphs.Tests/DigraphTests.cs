using CsCheck;

namespace Mgmt.Graphs.Tests;

public sealed class DigraphTests
{
    [Theory]
    [InlineData(0, "", "")]
    [InlineData(3, "", "0 1 2")]
    [InlineData(3, "2>1 1>0", "2 1 0")]
    [InlineData(4, "3>0 3>1 0>2 1>2", "3 0 1 2")]
    [InlineData(3, "2>0 2>0", "1 2 0")]
    [InlineData(2, "0>1 1>0", null)]
    [InlineData(1, "0>0", null)]
    public void Order_puts_each_vertex_after_its_predecessors(int vertices, string edges, string? order)
    {
        var found = Graph(vertices, edges).TopologicalOrder();
        Assert.Equal(order, found is null ? null : string.Join(' ', found));
    }

    [Theory]
    [InlineData(3, "0>1 1>2 0>2", null)]
    [InlineData(1, "0>0", "0")]
    [InlineData(4, "0>1 1>2 2>3 3>1", "1 2 3")]
    [InlineData(4, "0>1 2>3 3>2", "2 3")]
    public void Cycle_is_found_without_the_way_to_it(int vertices, string edges, string? cycle)
    {
        var found = Graph(vertices, edges).FindCycle();
        Assert.Equal(cycle, found is null ? null : string.Join(' ', found));
    }

    [Theory]
    [InlineData(0, 1, true)]
    [InlineData(0, 2, true)]
    [InlineData(2, 0, false)]
    [InlineData(0, 0, false)]
    [InlineData(3, 3, true)]
    [InlineData(4, 4, true)]
    [InlineData(0, 4, false)]
    public void Reaches_needs_at_least_one_edge(int from, int to, bool reaches) =>
        Assert.Equal(reaches, Graph(5, "0>1 1>2 3>3 4>3 3>4").Reaches(from, to));

    [Fact]
    public void Parallel_edges_count_once()
    {
        var graph = Graph(2, "0>1 0>1");
        Assert.Equal([1], graph.Successors(0));
        Assert.Equal([0], graph.Predecessors(1));
    }

    [Fact]
    public void A_chain_of_a_million_is_no_danger_to_the_stack()
    {
        const int length = 1_000_000;
        var graph = new Digraph(length, Enumerable.Range(0, length - 1).Select(i => (i, i + 1)));
        Assert.Null(graph.FindCycle());
        Assert.Equal(Enumerable.Range(0, length), graph.TopologicalOrder());
        Assert.True(graph.Reaches(0, length - 1));
    }

    private static readonly Gen<(int Count, (int From, int To)[] Edges)> AnyGraph =
        from count in Gen.Int[1, 12]
        from edges in Gen.Select(Gen.Int[0, count - 1], Gen.Int[0, count - 1]).Array[0, 24]
        select (count, edges);

    [Fact]
    public void Either_an_order_or_a_cycle_is_found_and_it_is_right() => AnyGraph.Sample(any =>
    {
        var graph = new Digraph(any.Count, any.Edges);
        var order = graph.TopologicalOrder();
        var cycle = graph.FindCycle();
        if (order is null) return cycle is not null && IsSimpleCycle(graph, cycle);
        return cycle is null && order.Order().SequenceEqual(Enumerable.Range(0, any.Count)) && any.Edges.All(edge => Array.IndexOf(order, edge.From) < Array.IndexOf(order, edge.To));
    });

    [Fact]
    public void Reachability_is_the_transitive_closure() => AnyGraph.Sample(any =>
    {
        var graph = new Digraph(any.Count, any.Edges);
        var closure = Closure(any.Count, any.Edges);
        var all = Enumerable.Range(0, any.Count).ToArray();
        return all.All(from => all.All(to => graph.Reaches(from, to) == closure[from][to]));
    });

    private static bool IsSimpleCycle(Digraph graph, int[] cycle) =>
        cycle.Distinct().Count() == cycle.Length
        && cycle.Select((vertex, i) => graph.Successors(vertex).Contains(cycle[(i + 1) % cycle.Length])).All(leads => leads);

    private static bool[][] Closure(int count, (int From, int To)[] edges)
    {
        var closure = Enumerable.Range(0, count).Select(_ => new bool[count]).ToArray();
        foreach (var (from, to) in edges) closure[from][to] = true;
        for (var via = 0; via < count; via++)
        {
            for (var from = 0; from < count; from++)
            {
                for (var to = 0; to < count; to++) closure[from][to] |= closure[from][via] && closure[via][to];
            }
        }

        return closure;
    }

    private static Digraph Graph(int vertices, string edges) => new(
        vertices,
        edges.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(edge => edge.Split('>')).Select(ends => (int.Parse(ends[0]), int.Parse(ends[1]))));
}
