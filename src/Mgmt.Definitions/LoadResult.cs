using Mgmt.Engine;

namespace Mgmt.Definitions;

/// <summary>What became of some graph files: a definition, or all the mistakes in them.</summary>
/// <param name="Definition">The graph; null when there is an error among the diagnostics.</param>
/// <param name="Diagnostics">The mistakes in the order of the files, then of lines and columns; at most 100.</param>
/// <param name="Omitted">How many further mistakes there were.</param>
public sealed record LoadResult(Definition? Definition, IReadOnlyList<Diagnostic> Diagnostics, int Omitted);
