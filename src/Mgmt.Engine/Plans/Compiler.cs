using Mgmt.Graphs;

namespace Mgmt.Engine.Plans;

/// <summary>Resources and edges in, one plan out: automatic edges are added, and what can run as one is grouped. Pure: the same definition gives the same plan.</summary>
public static class Compiler
{
    /// <summary>Compiles a checked definition.</summary>
    public static Plan Compile(Definition definition) => Compile(definition, new FirstFitGrouper());

    internal static Plan Compile(Definition definition, IGrouper grouper)
    {
        var resources = definition.Resources;
        var warnings = new List<string>();
        var written = Written(definition);
        var edges = AcyclicEdges.Add(resources, written, AutoEdges.Find(resources, written), warnings);
        var groups = grouper.Choose(resources, new Lazy<Digraph>(() => new Digraph(resources.Count, edges.Select(edge => (edge.From, edge.To)))), warnings);
        var (vertices, joined) = GroupedGraph.Join(resources, edges, groups);
        return new Plan(definition.Graph, vertices, joined)
        {
            Links = [.. edges.Select(edge => new PlanLink(resources[edge.From].Address, resources[edge.To].Address, edge.Notify))],
            Warnings = warnings,
        };
    }

    private static List<PlanEdge> Written(Definition definition)
    {
        var positions = new Dictionary<Address, int>(definition.Resources.Count);
        for (var i = 0; i < definition.Resources.Count; i++) positions.Add(definition.Resources[i].Address, i);
        var edges = definition.Edges
            .GroupBy(edge => (From: positions[edge.From], To: positions[edge.To]))
            .Select(same => new PlanEdge(
                same.Key.From,
                same.Key.To,
                [.. same.Select(edge => edge.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
                Auto: false,
                same.Any(edge => edge.Notify)));
        return [.. edges];
    }
}
