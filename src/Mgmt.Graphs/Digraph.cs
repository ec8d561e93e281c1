namespace Mgmt.Graphs;

/// <summary>An immutable directed graph over the vertices 0 to n-1. Parallel edges count once.</summary>
public sealed class Digraph
{
    private readonly Adjacency _successors;
    private readonly Adjacency _predecessors;

    /// <summary>Makes the graph in time linear in vertices and edges.</summary>
    /// <param name="vertices">How many vertices there are.</param>
    /// <param name="edges">Pairs of vertices; each end is at least 0 and below <paramref name="vertices"/>.</param>
    public Digraph(int vertices, IEnumerable<(int From, int To)> edges)
    {
        var pairs = edges.ToArray();
        _successors = new Adjacency(vertices, pairs);
        for (var i = 0; i < pairs.Length; i++) pairs[i] = (pairs[i].To, pairs[i].From);
        _predecessors = new Adjacency(vertices, pairs);
    }

    /// <summary>How many vertices there are.</summary>
    public int Count => _successors.Count;

    /// <summary>Where the edges out of a vertex lead, in the order given.</summary>
    public ReadOnlySpan<int> Successors(int vertex) => _successors.Of(vertex);

    /// <summary>Where the edges into a vertex come from, in the order given.</summary>
    public ReadOnlySpan<int> Predecessors(int vertex) => _predecessors.Of(vertex);

    /// <summary>
    /// The vertices so that each comes after its predecessors, those without an order between them ascending. Null when there is a cycle.
    /// </summary>
    public int[]? TopologicalOrder()
    {
        var missing = _predecessors.Counts();
        var ready = new PriorityQueue<int, int>();
        for (var v = 0; v < Count; v++)
        {
            if (missing[v] == 0) ready.Enqueue(v, v);
        }

        var order = new int[Count];
        var taken = 0;
        while (ready.TryDequeue(out var v, out _))
        {
            order[taken++] = v;
            foreach (var next in Successors(v))
            {
                if (--missing[next] == 0) ready.Enqueue(next, next);
            }
        }

        return taken == Count ? order : null;
    }

    /// <summary>The vertices so that each comes after its predecessors, in no other order, which takes linear time. Null when there is a cycle.</summary>
    public int[]? AnyOrder()
    {
        var missing = _predecessors.Counts();
        var order = new int[Count];
        var found = 0;
        for (var v = 0; v < Count; v++)
        {
            if (missing[v] == 0) order[found++] = v;
        }

        for (var taken = 0; taken < found; taken++)
        {
            foreach (var next in Successors(order[taken]))
            {
                if (--missing[next] == 0) order[found++] = next;
            }
        }

        return found == Count ? order : null;
    }

    /// <summary>
    /// One simple cycle in the order of its edges (each member leads to the next, the last to the first), or null when there is none. The search does
    /// not recurse, so that long chains are no danger to the stack.
    /// </summary>
    public int[]? FindCycle()
    {
        var state = new byte[Count]; // 0 not seen, 1 on the path, 2 done
        var path = new List<(int Vertex, int Next)>();
        for (var start = 0; start < Count; start++)
        {
            if (state[start] != 0) continue;
            path.Add((start, 0));
            state[start] = 1;
            while (path.Count > 0)
            {
                var (v, next) = path[^1];
                if (next == Successors(v).Length)
                {
                    state[v] = 2;
                    path.RemoveAt(path.Count - 1);
                    continue;
                }

                path[^1] = (v, next + 1);
                var to = Successors(v)[next];
                if (state[to] == 1) return [.. path.Select(step => step.Vertex).SkipWhile(member => member != to)];
                if (state[to] == 0) path.Add((to, 0));
                state[to] = Math.Max(state[to], (byte)1);
            }
        }

        return null;
    }

    /// <summary>Whether a way of at least one edge leads from one vertex to another.</summary>
    public bool Reaches(int from, int to)
    {
        var seen = new bool[Count];
        var pending = new Stack<int>([from]);
        while (pending.TryPop(out var v))
        {
            foreach (var next in Successors(v))
            {
                if (next == to) return true;
                if (seen[next]) continue;
                seen[next] = true;
                pending.Push(next);
            }
        }

        return false;
    }
}
