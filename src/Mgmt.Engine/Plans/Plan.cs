using Mgmt.Graphs;

namespace Mgmt.Engine.Plans;

/// <summary>What the runner runs: vertices and edges, compiled from a definition. It has no cycle.</summary>
public sealed class Plan
{
    /// <summary>The plan in which there is nothing to do.</summary>
    public static Plan Empty { get; } = new("", [], []);

    private readonly Lazy<Digraph> _shape;

    internal Plan(string graph, IReadOnlyList<PlanVertex> vertices, IReadOnlyList<PlanEdge> edges)
    {
        Graph = graph;
        Vertices = vertices;
        Edges = edges;
        _shape = new Lazy<Digraph>(() => new Digraph(vertices.Count, edges.Select(edge => (edge.From, edge.To))));
    }

    /// <summary>The graph's name.</summary>
    public string Graph { get; }

    /// <summary>The vertices, in the order of their addresses' definition.</summary>
    public IReadOnlyList<PlanVertex> Vertices { get; }

    /// <summary>The edges; between two vertices there is at most one in each direction.</summary>
    public IReadOnlyList<PlanEdge> Edges { get; }

    /// <summary>The same graph by the vertices' positions, made when it is asked for.</summary>
    public Digraph Shape => _shape.Value;
}

/// <summary>One vertex: a resource, or several of a kind that run as one.</summary>
/// <param name="Address">The vertex's own address; that of its only member, or the group's.</param>
/// <param name="Members">Its resources; at least one.</param>
public sealed record PlanVertex(Address Address, IReadOnlyList<ResourceSpec> Members);

/// <summary>One edge between two vertices.</summary>
/// <param name="From">The position of the vertex that comes first.</param>
/// <param name="To">The position of the vertex that comes after.</param>
/// <param name="Names">The names of all the written edges that it stands for, sorted.</param>
/// <param name="Auto">Whether it was found, not written.</param>
/// <param name="Notify">Whether a change delivers a refresh.</param>
public sealed record PlanEdge(int From, int To, IReadOnlyList<string> Names, bool Auto, bool Notify);
