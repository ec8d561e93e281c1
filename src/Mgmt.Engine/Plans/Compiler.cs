namespace Mgmt.Engine.Plans;

/// <summary>Resources and edges in, one plan out. Pure: the same definition gives the same plan.</summary>
public static class Compiler
{
    /// <summary>Compiles a checked definition.</summary>
    public static Plan Compile(Definition definition)
    {
        var positions = new Dictionary<Address, int>(definition.Resources.Count);
        var vertices = new PlanVertex[definition.Resources.Count];
        for (var i = 0; i < vertices.Length; i++)
        {
            var spec = definition.Resources[i];
            positions.Add(spec.Address, i);
            vertices[i] = new PlanVertex(spec.Address, [spec]);
        }

        return new Plan(definition.Graph, vertices, Join(definition.Edges, positions));
    }

    // Edges between the same two vertices become one. Hardly any do, so that their names are gathered apart.
    private static List<PlanEdge> Join(IReadOnlyList<EdgeSpec> written, Dictionary<Address, int> positions)
    {
        var edges = new List<PlanEdge>(written.Count);
        var indexes = new Dictionary<(int From, int To), int>(written.Count);
        var names = new Dictionary<int, SortedSet<string>>();
        foreach (var edge in written)
        {
            var (from, to) = (positions[edge.From], positions[edge.To]);
            if (indexes.TryAdd((from, to), edges.Count))
            {
                edges.Add(new PlanEdge(from, to, [edge.Name], Auto: false, edge.Notify));
                continue;
            }

            var index = indexes[(from, to)];
            if (!names.TryGetValue(index, out var all)) names.Add(index, all = new SortedSet<string>(edges[index].Names, StringComparer.Ordinal));
            all.Add(edge.Name);
            if (edge.Notify) edges[index] = edges[index] with { Notify = true };
        }

        foreach (var (index, all) in names) edges[index] = edges[index] with { Names = [.. all] };
        return edges;
    }
}
