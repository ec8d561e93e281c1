using System.Diagnostics.CodeAnalysis;
using Mgmt.Definitions;
using Mgmt.Engine.Plans;

namespace Mgmt.Agent;

/// <summary>What can be said of graph files and kinds without running anything.</summary>
[SuppressMessage("Reliability", "CA2000", Justification = "A host that nothing is asked of has opened nothing.")]
public static class GraphReading
{
    /// <summary>Graph files to a plan, or null with all mistakes as text.</summary>
    public static (Plan? Plan, string Errors) Compile(IReadOnlyList<string> paths)
    {
        var result = new GraphLoader(new Host(TimeProvider.System).Kinds).LoadFiles(paths);
        return result.Definition is { } definition ? (Compiler.Compile(definition), "") : (null, DiagnosticWriter.ToText(result));
    }

    /// <summary>Every kind with its fields, as text.</summary>
    public static string DescribeKinds() => KindDocs.ToText(new Host(TimeProvider.System).Kinds);

    /// <summary>The JSON Schema of graph files.</summary>
    public static string Schema() => JsonSchemaWriter.Write(new Host(TimeProvider.System).Kinds);
}
