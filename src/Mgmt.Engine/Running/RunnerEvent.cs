using Mgmt.Engine.Kinds;
using Mgmt.Engine.Plans;

namespace Mgmt.Engine.Running;

/// <summary>What happens to the runner's core.</summary>
internal abstract record RunnerEvent
{
    /// <summary>A new plan replaces the present one.</summary>
    public sealed record Swap(Plan Plan) : RunnerEvent;

    /// <summary>A watch that was asked for is open.</summary>
    public sealed record WatchOpened(RunnerVertex Vertex) : RunnerEvent;

    /// <summary>A watch could not be opened, or ended by itself.</summary>
    public sealed record WatchEnded(RunnerVertex Vertex, string Error) : RunnerEvent;

    /// <summary>A watch saw something.</summary>
    public sealed record Drifted(RunnerVertex Vertex) : RunnerEvent;

    /// <summary>A check that was asked for ended.</summary>
    public sealed record CheckEnded(RunnerVertex Vertex, CheckResult Result, TimeSpan Took) : RunnerEvent;

    /// <summary>A check of several together ended, with a result for each, in the order of its parts.</summary>
    public sealed record JointEnded(JointRun Run, IReadOnlyList<CheckResult> Results, TimeSpan Took) : RunnerEvent;

    /// <summary>One part of a check of several together came to its end before the others; theirs goes on.</summary>
    public sealed record PartEnded(JointPart Part, CheckResult Result, TimeSpan Took) : RunnerEvent;

    /// <summary>The sources of events have handed out all that happened before the drain numbered so was asked for.</summary>
    public sealed record Drained(long Activity) : RunnerEvent;

    /// <summary>A deadline has come.</summary>
    public sealed record Tick : RunnerEvent;

    /// <summary>Nothing new is to start.</summary>
    public sealed record StopAsked : RunnerEvent;
}

/// <summary>What the runner's core wants done.</summary>
internal abstract record RunnerCommand
{
    /// <summary>Open the vertex's watch and answer with WatchOpened or WatchEnded.</summary>
    public sealed record OpenWatch(RunnerVertex Vertex) : RunnerCommand;

    /// <summary>Close the vertex's watch, if there is one. No answer.</summary>
    public sealed record CloseWatch(RunnerVertex Vertex) : RunnerCommand;

    /// <summary>Run the vertex's check and answer with CheckEnded.</summary>
    public sealed record Check(RunnerVertex Vertex, CheckRequest Request) : RunnerCommand;

    /// <summary>Run the check of several vertices together and answer with JointEnded, and before that with PartEnded for those whose time is up.</summary>
    public sealed record CheckTogether(JointRun Run) : RunnerCommand;

    /// <summary>Let the sources of events hand out all that has happened, and answer with Drained.</summary>
    public sealed record Drain(long Activity) : RunnerCommand;

    /// <summary>Tell the observer.</summary>
    public sealed record Tell(Report Report) : RunnerCommand;

    /// <summary>After StopAsked: the last check has ended.</summary>
    public sealed record Idle : RunnerCommand;
}

/// <summary>How the core treats every vertex.</summary>
/// <param name="Noop">Change nothing, and say what would be done.</param>
/// <param name="Parallel">How many checks may run at once; 0 is any number.</param>
public sealed record RunnerOptions(bool Noop = false, int Parallel = 0);
