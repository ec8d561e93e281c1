using Mgmt.Engine.Running;
using Mgmt.Mesh.Masters;

namespace Mgmt.Agent.Face;

/// <summary>Whether this host's graph is converged, and since when. Reports come one at a time; any thread may look.</summary>
/// <param name="time">This host's clock.</param>
internal sealed class Convergence(TimeProvider time)
{
    private volatile ConvergedNote _present = new() { Converged = false, Since = time.GetUtcNow() };

    /// <summary>How it is now.</summary>
    public ConvergedNote Present => _present;

    /// <summary>Told after each change. It must be quick.</summary>
    public Action Changed { get; set; } = static () => { };

    /// <summary>To be told of every report.</summary>
    public void See(Report report)
    {
        if (report is ConvergedReport converged) Take(true, converged.Summary.Failed + converged.Summary.Blocked);
        else if (report is ActiveReport) Take(false, _present.Failed);
    }

    private void Take(bool isConverged, int failed)
    {
        if (_present.Converged == isConverged && _present.Failed == failed) return;
        _present = new() { Converged = isConverged, Since = time.GetUtcNow(), Failed = failed };
        Changed();
    }
}
