namespace Mgmt.Engine.Running;

/// <summary>
/// One vertex of the plan: what its members have in common is only whom they wait for, and who waits for all of them. Each member has its own state, check and result. A kind whose
/// members are to run as one transaction would have those that are due started together, in <see cref="RunnerCore"/>'s Start.
/// </summary>
internal sealed class RunnerGroup
{
    public List<RunnerVertex> Members { get; } = [];

    public List<RunnerGroup> Predecessors { get; } = [];

    public List<RunnerGroup> Successors { get; } = [];

    /// <summary>How many members are not settled.</summary>
    public int UnsettledMembers { get; set; }

    /// <summary>How many predecessors have members that are not settled: as long as there are any, no member runs.</summary>
    public int Unsettled { get; set; }
}
