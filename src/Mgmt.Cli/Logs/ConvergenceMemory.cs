using Mgmt.Engine;
using Mgmt.Engine.Kinds;
using Mgmt.Engine.Running;

namespace Mgmt.Cli.Logs;

/// <summary>What was said of convergence so far, so that only news is said again.</summary>
internal sealed class ConvergenceMemory
{
    private Dictionary<Address, IReadOnlyList<Address>> _blocked = [];
    private (int Failed, int Blocked, int Waiting)? _said;
    private bool _failedSince;

    /// <summary>To be told of every report before it is shown.</summary>
    public void See(Report report)
    {
        if (report is CheckReport { Result.Outcome: Outcome.Failed }) _failedSince = true;
        if (report is SwapReport) _said = null; // the user waits to hear that the new graph is converged
    }

    /// <summary>Which blocked resources are news, and whether the summary is.</summary>
    public (IReadOnlyList<BlockedResource> Blocked, bool Summary) News(ConvergedReport report)
    {
        var blocked = report.BlockedBy.Where(one => !_blocked.TryGetValue(one.Address, out var by) || !by.SequenceEqual(one.By)).ToList();
        var summary = report.Summary;
        var isNews = _said != (summary.Failed, summary.Blocked, summary.Waiting) || summary.Changed > 0 || _failedSince;
        _blocked = report.BlockedBy.ToDictionary(one => one.Address, one => one.By);
        _said = (summary.Failed, summary.Blocked, summary.Waiting);
        _failedSince = false;
        return (blocked, isNews);
    }
}
