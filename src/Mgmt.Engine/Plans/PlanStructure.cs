using Mgmt.Graphs;

namespace Mgmt.Engine.Plans;

/// <summary>Who is grouped with whom and who waits for whom: all of a plan but the resources themselves, which are known by their positions. Plans share it where only resources were exchanged.</summary>
internal sealed class PlanStructure
{
    private readonly int[]? _vertexOf;
    private readonly int[] _firstLink;
    private readonly (int To, bool Notify)[] _links;
    private readonly Lazy<IReadOnlyList<PlanEdge>> _edges;

    /// <param name="resources">Those of the first plan of this structure; of others only the addresses are the same.</param>
    /// <param name="written">The arcs of the definition.</param>
    /// <param name="found">Those that were found; with the written ones they close no cycle.</param>
    /// <param name="graph">The same arcs as a graph of the resources.</param>
    /// <param name="groups">Positions of resources, two or more each.</param>
    public PlanStructure(IReadOnlyList<ResourceSpec> resources, IReadOnlyList<Arc> written, IReadOnlyList<Arc> found, Digraph graph, IReadOnlyList<int[]> groups)
    {
        Groups = groups;
        (_firstLink, _links) = Sort(resources.Count, [.. written, .. found]);
        _edges = new Lazy<IReadOnlyList<PlanEdge>>(() => GroupedGraph.Join(resources, DrawnEdges.Of(resources.Count, written, found), groups, VertexOf));
        (_vertexOf, Vertices) = groups.Count == 0 ? (null, resources.Count) : Number(resources.Count, groups);
        Graph = _vertexOf is null ? graph : new Digraph(Vertices, written.Concat(found).Select(arc => (_vertexOf[arc.From], _vertexOf[arc.To])));
    }

    public static PlanStructure Empty { get; } = new([], [], [], new Digraph(0, []), []);

    /// <summary>Members in the order of their addresses.</summary>
    public IReadOnlyList<int[]> Groups { get; }

    /// <summary>How many vertices there are: groups, and resources that are in none.</summary>
    public int Vertices { get; }

    /// <summary>Who waits for whom, by the positions of vertices.</summary>
    public Digraph Graph { get; }

    /// <summary>The edges as they are shown, made when they are first asked for.</summary>
    public IReadOnlyList<PlanEdge> Edges => _edges.Value;

    /// <summary>Which vertex a resource is in. They stand in the order of the resources, a group where its first member is.</summary>
    public int VertexOf(int resource) => _vertexOf is null ? resource : _vertexOf[resource];

    /// <summary>The resources after one, over edges of its own: whom a change of it concerns.</summary>
    public ReadOnlySpan<(int To, bool Notify)> LinksOf(int resource) => _links.AsSpan(_firstLink[resource], _firstLink[resource + 1] - _firstLink[resource]);

    /// <summary>The vertices of a plan with these resources.</summary>
    public IReadOnlyList<PlanVertex> VerticesOf(IReadOnlyList<ResourceSpec> resources)
    {
        var vertices = new PlanVertex[Vertices];
        foreach (var group in Groups) vertices[VertexOf(group[0])] = GroupVertex([.. group.Select(member => resources[member])]);
        for (var i = 0; i < resources.Count; i++) vertices[VertexOf(i)] ??= new PlanVertex(resources[i].Address, [resources[i]]);
        return vertices;
    }

    /// <summary>Whether the groups and the edges between resources are the same; the names do not count, since they change nothing of what is run.</summary>
    public bool IsSameAs(PlanStructure other) =>
        Groups.Count == other.Groups.Count
        && Groups.Zip(other.Groups).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second))
        && _firstLink.AsSpan().SequenceEqual(other._firstLink)
        && _links.AsSpan().SequenceEqual(other._links);

    private static PlanVertex GroupVertex(ResourceSpec[] members) =>
        new(new Address(members[0].Address.Kind, $"autogroup:({string.Join(',', members.Select(member => member.Address.Name))})"), members);

    private static (int[] VertexOf, int Count) Number(int resources, IReadOnlyList<int[]> groups)
    {
        var leaders = new int[resources];
        for (var i = 0; i < resources; i++) leaders[i] = i;
        foreach (var group in groups)
        {
            foreach (var member in group) leaders[member] = group[0];
        }

        var places = new int[resources];
        var count = 0;
        for (var i = 0; i < resources; i++) places[i] = leaders[i] == i ? count++ : -1;
        return (Array.ConvertAll(leaders, leader => places[leader]), count);
    }

    private static (int[] First, (int To, bool Notify)[] Links) Sort(int resources, Arc[] arcs)
    {
        var first = new int[resources + 1];
        foreach (var arc in arcs) first[arc.From + 1]++;
        for (var i = 0; i < resources; i++) first[i + 1] += first[i];
        var next = first.AsSpan(0, resources).ToArray();
        var links = new (int, bool)[arcs.Length];
        foreach (var arc in arcs) links[next[arc.From]++] = (arc.To, arc.Notify);
        return (first, links);
    }
}
