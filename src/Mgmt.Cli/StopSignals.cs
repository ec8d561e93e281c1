using System.Runtime.InteropServices;

namespace Mgmt.Cli;

/// <summary>SIGINT and SIGTERM, for as long as it is not disposed.</summary>
internal sealed class StopSignals(Action act) : IDisposable
{
    private readonly PosixSignalRegistration[] _registrations = [Take(PosixSignal.SIGINT, act), Take(PosixSignal.SIGTERM, act)];

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
    }

    private static PosixSignalRegistration Take(PosixSignal signal, Action act) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        act();
    });
}
