namespace Mgmt.Engine.Plans;

/// <summary>The edges on one side of each vertex, into it or out of it, and how far the vertices on that side of one group are away from it.</summary>
/// <param name="ranks">Rises along every way that leads away from a vertex on this side, now and when all groups are made: so that no search goes farther than it must.</param>
internal sealed class Strand(int[] ranks)
{
    private const int Unreached = -1;

    private readonly Dictionary<int, JointEdge>?[] _neighbours = new Dictionary<int, JointEdge>?[ranks.Length];
    private readonly List<int> _reached = [];
    private readonly PriorityQueue<int, int> _pending = new();
    private int[]? _distances;
    private int _group = Unreached;
    private int _searched;

    /// <summary>The edges of a vertex, by the vertex at their other end.</summary>
    public Dictionary<int, JointEdge> Of(int vertex) => _neighbours[vertex] ??= [];

    public void Clear(int vertex) => _neighbours[vertex] = null;

    /// <summary>How many edges the shortest way between a group and a vertex has; -1 when there is none. Measured when first asked for, then kept up to date by <see cref="Near"/>.</summary>
    public int Distance(int group, int vertex)
    {
        if (_group != group) Begin(group);
        if (ranks[vertex] > _searched) Spread(ranks[vertex]);
        return _distances![vertex];
    }

    /// <summary>A group has got new neighbours.</summary>
    public void Near(int group, IEnumerable<int> neighbours)
    {
        if (_group != group) return;
        foreach (var neighbour in neighbours) Reach(neighbour, 1);
        Spread(_searched);
    }

    private void Begin(int group)
    {
        _group = group;
        if (_distances is null) Array.Fill(_distances = new int[ranks.Length], Unreached);
        foreach (var vertex in _reached) _distances[vertex] = Unreached;
        _reached.Clear();
        _pending.Clear();
        _searched = int.MinValue;
        Reach(group, 0);
    }

    private void Reach(int vertex, int distance)
    {
        ref var known = ref _distances![vertex];
        if (known != Unreached && known <= distance) return;
        if (known == Unreached) _reached.Add(vertex);
        known = distance;
        _pending.Enqueue(vertex, ranks[vertex]);
    }

    // By rank, so that a vertex is looked at after all that may bring it nearer. What ranks as high as the bound leads only beyond it.
    private void Spread(int bound)
    {
        _searched = bound;
        while (_pending.TryPeek(out var vertex, out var rank) && rank < bound)
        {
            _pending.Dequeue();
            if (_neighbours[vertex] is not { } neighbours) continue;
            var distance = _distances![vertex] + 1;
            foreach (var neighbour in neighbours.Keys) Reach(neighbour, distance);
        }
    }
}
