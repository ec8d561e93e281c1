using Mgmt.Engine.Running;

namespace Mgmt.Agent;

/// <summary>Lets reports from several threads through one at a time.</summary>
internal sealed class ReportGate(Action<Report> tell)
{
    private readonly Lock _gate = new();

    public void Tell(Report report)
    {
        lock (_gate) tell(report);
    }

    public void Warn(string message) => Tell(new WarningReport(message));
}
