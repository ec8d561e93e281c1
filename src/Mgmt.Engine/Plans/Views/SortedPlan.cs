namespace Mgmt.Engine.Plans.Views;

/// <summary>A plan's vertices and edges by address, so that a view of it does not depend on the order in which things were written.</summary>
internal sealed class SortedPlan
{
    public SortedPlan(Plan plan)
    {
        var order = Enumerable.Range(0, plan.Vertices.Count).OrderBy(i => plan.Vertices[i].Address).ToArray();
        var rank = new int[order.Length];
        for (var i = 0; i < order.Length; i++) rank[order[i]] = i;
        Vertices = [.. order.Select(i => plan.Vertices[i])];
        Edges = [.. plan.Edges.Select(edge => edge with { From = rank[edge.From], To = rank[edge.To] }).OrderBy(edge => (edge.From, edge.To))];
    }

    /// <summary>By address.</summary>
    public IReadOnlyList<PlanVertex> Vertices { get; }

    /// <summary>By the addresses of their ends; they count in <see cref="Vertices"/>.</summary>
    public IReadOnlyList<PlanEdge> Edges { get; }

    /// <summary>A group's members by address; empty for a vertex of one resource.</summary>
    public static IReadOnlyList<string> MembersOfGroup(PlanVertex vertex) => vertex.Members.Count < 2 ? [] : Members(vertex);

    /// <summary>All members by address.</summary>
    public static IReadOnlyList<string> Members(PlanVertex vertex) => [.. vertex.Members.Select(member => member.Address).Order().Select(address => address.ToString())];

    /// <summary>What to write at an edge; empty where nothing named it.</summary>
    public static string Label(PlanEdge edge) => string.Join(", ", edge.Names);
}
