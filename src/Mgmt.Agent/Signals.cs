using System.Runtime.InteropServices;

namespace Mgmt.Agent;

/// <summary>Turns the signals of the process into messages, for as long as it is not disposed.</summary>
internal sealed class Signals : IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];

    public Signals(Action<AgentMessage> post)
    {
        Take(PosixSignal.SIGINT, () => post(new AgentMessage.Stop("SIGINT")));
        Take(PosixSignal.SIGTERM, () => post(new AgentMessage.Stop("SIGTERM")));
        Take(PosixSignal.SIGHUP, () => post(new AgentMessage.Reload(IsSure: true)));
        Take(PosixSignal.SIGQUIT, () => post(new AgentMessage.Describe()));
    }

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
    }

    private void Take(PosixSignal signal, Action act) => _registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        act();
    }));
}
