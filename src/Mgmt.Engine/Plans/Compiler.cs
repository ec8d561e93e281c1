using Mgmt.Engine.Kinds;
using Mgmt.Graphs;

namespace Mgmt.Engine.Plans;

/// <summary>Resources and edges in, one plan out. Pure: the same definition and surveys give the same plan.</summary>
public static class Compiler
{
    /// <summary>Compiles a checked definition.</summary>
    /// <param name="definition">What its author wrote.</param>
    /// <param name="surveys">What the kinds learned from the host; none without such kinds.</param>
    /// <param name="previous">An older plan of nearly the same definition: what is still true of it is taken over, and the answer is the same as without it.</param>
    public static Plan Compile(Definition definition, IReadOnlyList<Survey>? surveys = null, Plan? previous = null) =>
        Compile(new PlanOrigin(definition, surveys ?? [], FirstFitGrouper.Only), previous);

    internal static Plan Compile(PlanOrigin origin, Plan? previous = null)
    {
        if (previous?.Origin is { } before && Likeness.Holds(before, origin)) return new Plan(origin, previous.Structure, previous.Warnings);
        var resources = origin.Definition.Resources;
        var warnings = new List<string>();
        var written = Written(origin.Definition);
        var found = AutoEdges.Find(resources, origin.Surveys, written);
        var graph = GraphOf(resources.Count, written, found);
        if (found.Count > 0 && graph.AnyOrder() is null)
        {
            found = AcyclicEdges.Keep(resources, written, found, warnings);
            graph = GraphOf(resources.Count, written, found);
        }

        var groups = origin.Grouper.Choose(resources, graph, warnings);
        return new Plan(origin, new PlanStructure(resources, written, found, graph, groups), warnings);
    }

    private static Digraph GraphOf(int count, IReadOnlyList<Arc> written, IReadOnlyList<Arc> found) =>
        new(count, written.Concat(found).Select(arc => (arc.From, arc.To)));

    private static Arc[] Written(Definition definition)
    {
        if (definition.Edges.Count == 0) return [];
        var positions = new Dictionary<Address, int>(definition.Resources.Count);
        for (var i = 0; i < definition.Resources.Count; i++) positions.Add(definition.Resources[i].Address, i);
        var arcs = new Arc[definition.Edges.Count];
        for (var i = 0; i < arcs.Length; i++)
        {
            var edge = definition.Edges[i];
            arcs[i] = new Arc(positions[edge.From], positions[edge.To], edge.Name, edge.Notify);
        }

        return arcs;
    }
}
