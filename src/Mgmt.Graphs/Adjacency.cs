namespace Mgmt.Graphs;

/// <summary>The neighbours of every vertex on one side, one behind the other in a single array.</summary>
internal sealed class Adjacency
{
    private readonly int[] _starts;
    private readonly int[] _neighbours;

    /// <summary>Sorts pairs by their first vertex; the second ones keep their order, and of the same pair the first is kept.</summary>
    public Adjacency(int vertices, (int Of, int Neighbour)[] pairs)
    {
        _starts = new int[vertices + 1];
        _neighbours = new int[pairs.Length];
        foreach (var (of, _) in pairs) _starts[of + 1]++;
        for (var i = 0; i < vertices; i++) _starts[i + 1] += _starts[i];
        var next = _starts.AsSpan(0, vertices).ToArray();
        foreach (var (of, neighbour) in pairs) _neighbours[next[of]++] = neighbour;
        DropRepeated(vertices);
    }

    public int Count => _starts.Length - 1;

    public ReadOnlySpan<int> Of(int vertex) => _neighbours.AsSpan(_starts[vertex], _starts[vertex + 1] - _starts[vertex]);

    /// <summary>How many neighbours each vertex has, in a new array.</summary>
    public int[] Counts()
    {
        var counts = new int[Count];
        for (var i = 0; i < counts.Length; i++) counts[i] = _starts[i + 1] - _starts[i];
        return counts;
    }

    private void DropRepeated(int vertices)
    {
        var seenBy = new int[vertices];
        var (begin, kept) = (0, 0);
        for (var of = 0; of < vertices; of++)
        {
            var end = _starts[of + 1];
            for (var i = begin; i < end; i++)
            {
                var neighbour = _neighbours[i];
                if (seenBy[neighbour] == of + 1) continue;
                seenBy[neighbour] = of + 1;
                _neighbours[kept++] = neighbour;
            }

            begin = end;
            _starts[of + 1] = kept;
        }
    }
}
