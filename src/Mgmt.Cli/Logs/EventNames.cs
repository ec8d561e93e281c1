using Mgmt.Agent;
using Mgmt.Engine.Kinds;
using Mgmt.Engine.Running;

namespace Mgmt.Cli.Logs;

/// <summary>What programs call each report. Names are not changed once released.</summary>
internal static class EventNames
{
    /// <summary>The event's name; null for a report that is none.</summary>
    public static string? Of(Report report) => report switch
    {
        CheckReport check => Of(check.Result.Outcome),
        ConvergedReport => "converged",
        StartedReport => "started",
        SwapReport => "swapped",
        WatchLostReport => "watch-lost",
        RefusedReport => "refused",
        WatchReport => "watching",
        StoreReport => "store",
        WarningReport => "warning",
        FatalReport => "fatal",
        StoppingReport => "stopping",
        StatusReport => "status",
        FaultReport => "fault",
        _ => null,
    };

    private static string Of(Outcome outcome) => outcome switch
    {
        Outcome.Changed => "changed",
        Outcome.WouldChange => "would-change",
        Outcome.Failed => "failed",
        Outcome.Waiting => "waiting",
        _ => "in-order",
    };
}
