namespace Mgmt.Engine.Running;

/// <summary>
/// One vertex of the plan: what its members have in common is whom they wait for, and who waits for all of them. Each member has its own state and result; in most groups there is one.
/// </summary>
internal sealed class RunnerGroup(int vertex, RunnerVertex[] members)
{
    public static RunnerGroup None { get; } = new(RunnerVertex.Nowhere, []);

    /// <summary>Its position among the plan's vertices.</summary>
    public int Vertex => vertex;

    /// <summary>In the order of their addresses.</summary>
    public IReadOnlyList<RunnerVertex> Members => members;

    /// <summary>How many members are not settled.</summary>
    public int UnsettledMembers { get; set; }

    /// <summary>How many predecessors have members that are not settled: as long as there are any, no member runs.</summary>
    public int Unsettled { get; set; }

    /// <summary>The position of the member that was found last to be opening its first watch.</summary>
    public int Awaited { get; set; }

    public void Replace(RunnerVertex former, RunnerVertex heir) => members[Array.IndexOf(members, former)] = heir;
}
