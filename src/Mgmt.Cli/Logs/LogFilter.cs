using Mgmt.Agent;
using Mgmt.Engine.Kinds;
using Mgmt.Engine.Running;
using Mgmt.Linux.Inotify;

namespace Mgmt.Cli.Logs;

/// <summary>Which reports are shown at all. Asked before a report is queued, so that a host in order costs the log nothing.</summary>
internal static class LogFilter
{
    public static bool Shows(Report report, LogStyle style) => report switch
    {
        CheckReport { Result.Outcome: Outcome.InOrder } or ActiveReport => false,
        CheckReport { Result.Outcome: Outcome.Failed or Outcome.Waiting } => true,
        CheckReport or SwapReport or ConvergedReport or StartedReport or StoppingReport or StoreReport => !style.Quiet,
        // A watch for each directory is what everybody expects: people are told of everything else, programs of all.
        WatchReport watch => !style.Quiet && (style.Format != LogFormat.Text || watch.Groups.Any(static group => group.By != WatchedBy.Inotify)),
        FatalReport or RefusedReport { KeepsOld: false } => style.Format != LogFormat.Text, // people find it on standard error
        _ => true,
    };
}
