using Mgmt.Graphs;

namespace Mgmt.Engine.Plans.Views;

/// <summary>A plan as a drawing for graphviz: groups list their members, edges that were found are dashed, edges that notify are bold.</summary>
public static class PlanDot
{
    /// <summary>The drawing; the same for the same plan.</summary>
    public static string Write(Plan plan)
    {
        var sorted = new SortedPlan(plan);
        return DotWriter.Write(
            plan.Graph,
            [.. sorted.Vertices.Select(vertex => new DotNode(vertex.Address.ToString(), SortedPlan.MembersOfGroup(vertex)))],
            [.. sorted.Edges.Select(edge => new DotEdge(edge.From, edge.To, SortedPlan.Label(edge), edge.Auto, edge.Notify))]);
    }
}
