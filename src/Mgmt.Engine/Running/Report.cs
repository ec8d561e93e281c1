using Mgmt.Engine.Kinds;

namespace Mgmt.Engine.Running;

/// <summary>Something the runner tells its observer. Reports come one at a time, in the order in which things happened.</summary>
public abstract record Report;

/// <summary>A check ended.</summary>
/// <param name="Address">The resource.</param>
/// <param name="Result">How it ended.</param>
/// <param name="Reasons">Why it ran.</param>
/// <param name="Took">How long it ran.</param>
/// <param name="RetryIn">After a failure: the time until the next try, or null when there is none.</param>
public sealed record CheckReport(Address Address, CheckResult Result, CheckReasons Reasons, TimeSpan Took, TimeSpan? RetryIn) : Report;

/// <summary>A watch could not be opened, or ended by itself. It is opened again, and the resource checked then. Told once for as long as the error is the same.</summary>
/// <param name="Address">The resource.</param>
/// <param name="Error">Why, beginning with "cannot".</param>
/// <param name="RetryIn">The time until it is opened again.</param>
public sealed record WatchLostReport(Address Address, string Error, TimeSpan RetryIn) : Report;

/// <summary>A new plan is in force.</summary>
/// <param name="Graph">The graph's name.</param>
/// <param name="Added">Resources that are new.</param>
/// <param name="Changed">Resources whose own definition changed.</param>
/// <param name="Removed">Resources that are no longer kept.</param>
/// <param name="Kept">Resources that go on undisturbed.</param>
public sealed record SwapReport(string Graph, int Added, int Changed, int Removed, int Kept) : Report;

/// <summary>Something is to be done again after all was converged.</summary>
public sealed record ActiveReport : Report;

/// <summary>Nothing is running, due, retrying or unseen.</summary>
/// <param name="Summary">What was done since the last time.</param>
/// <param name="BlockedBy">Resources that wait for a failed one, with the failed ones' addresses; the first hundred.</param>
public sealed record ConvergedReport(RunSummary Summary, IReadOnlyList<BlockedResource> BlockedBy) : Report;

/// <summary>The runner itself made a mistake; it goes on.</summary>
/// <param name="Error">What happened.</param>
public sealed record FaultReport(string Error) : Report;

/// <summary>A resource that waits for failed ones.</summary>
public sealed record BlockedResource(Address Address, IReadOnlyList<Address> By);

/// <summary>Counts since the last convergence, and what is wrong now.</summary>
/// <param name="Checked">Resources that were checked.</param>
/// <param name="Changed">Resources that were changed, or would have been.</param>
/// <param name="Failed">Resources that are failed now.</param>
/// <param name="Blocked">Resources that wait for a failed one now.</param>
/// <param name="Elapsed">From the first thing to do until nothing was left.</param>
public sealed record RunSummary(int Checked, int Changed, int Failed, int Blocked, TimeSpan Elapsed)
{
    /// <summary>Resources that wait for somebody outside now.</summary>
    public int Waiting { get; init; }
}
