using Mgmt.Engine.Kinds;
using Mgmt.Engine.Running;

namespace Mgmt.Agent;

/// <summary>What the exit code depends on.</summary>
internal sealed class RunTally
{
    private volatile bool _hasChanged;

    public void See(Report report)
    {
        if (report is CheckReport { Result.Outcome: Outcome.Changed or Outcome.WouldChange }) _hasChanged = true;
    }

    /// <summary>The exit code of a run that ends with the resources standing so.</summary>
    public int ExitCodeFor(RunnerStatus status, bool detailed)
    {
        var hasFailed = status.Vertices.Any(vertex => vertex.LastError.Length > 0 || vertex.State == VertexState.Waiting);
        if (!detailed) return hasFailed ? ExitCode.CannotRun : ExitCode.InOrder;
        return (_hasChanged ? ExitCode.Changed : 0) + (hasFailed ? ExitCode.Failed : 0);
    }
}
