using Mgmt.Graphs;

namespace Mgmt.Engine.Plans;

/// <summary>Decides which resources run as one.</summary>
internal interface IGrouper
{
    /// <summary>
    /// The groups: two or more resources each, by their positions, in the order of their addresses; no resource is in two of them. When all groups are made, the graph must
    /// still have no cycle. The answer must not depend on the order of the resources.
    /// </summary>
    /// <param name="resources">All of them.</param>
    /// <param name="shape">The graph over their positions, without a cycle.</param>
    /// <param name="warnings">Takes what the author of the graph should know.</param>
    IReadOnlyList<int[]> Choose(IReadOnlyList<ResourceSpec> resources, Digraph shape, List<string> warnings);
}
