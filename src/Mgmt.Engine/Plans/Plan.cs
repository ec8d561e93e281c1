using Mgmt.Graphs;

namespace Mgmt.Engine.Plans;

/// <summary>What the runner runs: vertices and edges, compiled from a definition. It has no cycle.</summary>
public sealed class Plan
{
    /// <summary>The plan in which there is nothing to do.</summary>
    public static Plan Empty { get; } = new("", [], []);

    internal Plan(string graph, IReadOnlyList<PlanVertex> vertices, IReadOnlyList<PlanEdge> edges)
    {
        Graph = graph;
        Vertices = vertices;
        Edges = edges;
        Shape = new Digraph(vertices.Count, edges.Select(edge => (edge.From, edge.To)));
    }

    /// <summary>The graph's name.</summary>
    public string Graph { get; }

    /// <summary>The vertices, in the order of their addresses' definition.</summary>
    public IReadOnlyList<PlanVertex> Vertices { get; }

    /// <summary>The edges; between two vertices there is at most one in each direction.</summary>
    public IReadOnlyList<PlanEdge> Edges { get; }

    /// <summary>The edges between resources that <see cref="Edges"/> were made of: a change concerns the resource at the other end, not all of its group.</summary>
    public IReadOnlyList<PlanLink> Links { get; internal init; } = [];

    /// <summary>What the author of the graph should know and what stops nothing: whole sentences that begin with "cannot".</summary>
    public IReadOnlyList<string> Warnings { get; internal init; } = [];

    /// <summary>The same graph by the vertices' positions.</summary>
    public Digraph Shape { get; }
}

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

/// <summary>One edge between two resources, written or found.</summary>
/// <param name="From">The resource that comes first.</param>
/// <param name="To">The resource that comes after.</param>
/// <param name="Notify">Whether a change delivers a refresh.</param>
public readonly record struct PlanLink(Address From, Address To, bool Notify);
