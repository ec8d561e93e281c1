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

        var edges = definition.Edges
            .GroupBy(edge => (From: positions[edge.From], To: positions[edge.To]))
            .Select(same => new PlanEdge(
                same.Key.From,
                same.Key.To,
                [.. same.Select(edge => edge.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
                Auto: false,
                same.Any(edge => edge.Notify)));
        return new Plan(definition.Graph, vertices, [.. edges]);
    }
}
