using Mgmt.Agent;
using Mgmt.Engine.Kinds;
using Mgmt.Engine.Running;

namespace Mgmt.Cli.Logs;

/// <summary>Which reports are shown at all. Asked before a report is queued, so that a host in order costs the log nothing.</summary>
internal static class LogFilter
{
    public static bool Shows(Report report, LogStyle style) => report switch
    {
        CheckReport { Result.Outcome: Outcome.InOrder } or ActiveReport => false,
        CheckReport { Result.Outcome: Outcome.Failed or Outcome.Waiting } => true,
        CheckReport or SwapReport or ConvergedReport or StartedReport or StoppingReport or StoreReport => !style.Quiet,
        FatalReport or RefusedReport { KeepsOld: false } => style.Format == LogFormat.Json, // people find it on standard error
        _ => true,
    };
}
