using Mgmt.Engine.Kinds;
using Mgmt.Graphs;

namespace Mgmt.Engine.Plans;

/// <summary>What the runner runs: vertices and edges, compiled from a definition. It has no cycle.</summary>
public sealed class Plan
{
    /// <summary>The plan in which there is nothing to do.</summary>
    public static Plan Empty { get; } = new("", [], []);

    private readonly Lazy<IReadOnlyList<PlanVertex>> _vertices;
    private readonly Lazy<IReadOnlyList<PlanEdge>> _edges;
    private readonly Lazy<Digraph> _shape;

    /// <summary>A plan to be looked at, not to be run.</summary>
    internal Plan(string graph, IReadOnlyList<PlanVertex> vertices, IReadOnlyList<PlanEdge> edges)
    {
        Graph = graph;
        Structure = PlanStructure.Empty;
        _vertices = new Lazy<IReadOnlyList<PlanVertex>>(vertices);
        _edges = new Lazy<IReadOnlyList<PlanEdge>>(edges);
        _shape = new Lazy<Digraph>(() => new Digraph(vertices.Count, edges.Select(edge => (edge.From, edge.To))));
    }

    internal Plan(PlanOrigin origin, PlanStructure structure, IReadOnlyList<string> warnings)
    {
        (Graph, Resources) = (origin.Definition.Graph, origin.Definition.Resources);
        (Origin, Structure, Warnings) = (origin, structure, warnings);
        _vertices = new Lazy<IReadOnlyList<PlanVertex>>(() => structure.VerticesOf(Resources));
        _edges = new Lazy<IReadOnlyList<PlanEdge>>(() => structure.Edges);
        _shape = new Lazy<Digraph>(structure.Graph);
    }

    /// <summary>The graph's name.</summary>
    public string Graph { get; }

    /// <summary>The vertices, in the order of their resources in the definition; a group stands where its first member by address does.</summary>
    public IReadOnlyList<PlanVertex> Vertices => _vertices.Value;

    /// <summary>The edges as they are shown; between two vertices there is at most one in each direction.</summary>
    public IReadOnlyList<PlanEdge> Edges => _edges.Value;

    /// <summary>What the author of the graph should know and what stops nothing: whole sentences that begin with "cannot".</summary>
    public IReadOnlyList<string> Warnings { get; } = [];

    /// <summary>Who waits for whom, by the vertices' positions. It has the ways of <see cref="Edges"/>; where an edge joined a longer way, it may have the short one too.</summary>
    public Digraph Shape => _shape.Value;

    /// <summary>All resources, in the order of the definition.</summary>
    public IReadOnlyList<ResourceSpec> Resources { get; } = [];

    internal PlanStructure Structure { get; }

    /// <summary>What it was compiled from; null when it was not.</summary>
    internal PlanOrigin? Origin { get; }

    /// <summary>Whether both plans have equal resources, groups and edges, so that whoever runs one need not change to the other.</summary>
    public bool IsSameAs(Plan other)
    {
        if (!Resources.SequenceEqual(other.Resources)) return false;
        return ReferenceEquals(Structure, other.Structure) || Structure.IsSameAs(other.Structure);
    }
}

/// <summary>What a plan was compiled from.</summary>
internal sealed record PlanOrigin(Definition Definition, IReadOnlyList<Survey> Surveys, IGrouper Grouper);

/// <summary>One vertex: a resource, or several of a kind that run as one.</summary>
/// <param name="Address">The vertex's own address; that of its only member, or the group's, such as <c>Pkg[autogroup:(cowsay,sl)]</c>.</param>
/// <param name="Members">Its resources; at least one. Those of a group are sorted by address.</param>
public sealed record PlanVertex(Address Address, IReadOnlyList<ResourceSpec> Members)
{
    /// <summary>The semaphores of all members, each once, by id.</summary>
    public IEnumerable<Semaphore> Semaphores => Members.SelectMany(member => member.Meta.Semaphores).Distinct().OrderBy(one => one.Id, StringComparer.Ordinal);
}

/// <summary>One edge between two vertices.</summary>
/// <param name="From">The position of the vertex that comes first.</param>
/// <param name="To">The position of the vertex that comes after.</param>
/// <param name="Names">The names of all the edges that it stands for, sorted, each once. One that was found is named after what it was found by: <c>auto: /tmp/</c>.</param>
/// <param name="Auto">Whether all that it stands for was found, not written.</param>
/// <param name="Notify">Whether a change delivers a refresh.</param>
public sealed record PlanEdge(int From, int To, IReadOnlyList<string> Names, bool Auto, bool Notify);
