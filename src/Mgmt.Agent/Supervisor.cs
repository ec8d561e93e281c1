using System.Diagnostics;

namespace Mgmt.Agent;

/// <summary>
/// Tells the service manager that started the agent how it is. That it is alive is told by the agent's loop, after it has heard from the runner: a timer only asks for it, so that a
/// loop that hangs is missed.
/// </summary>
internal sealed class Supervisor : IDisposable
{
    // Twice as often as sd_watchdog_enabled(3) advises at least.
    private const int PulsesInTime = 4;

    private readonly Action<string> _tell;
    private readonly ITimer? _timer;

    /// <summary>Begins to ask for signs of life, if the manager wants any.</summary>
    /// <param name="tell">Takes what sd_notify(3) describes.</param>
    /// <param name="watchdog">How often the manager wants to hear at least; null is never.</param>
    /// <param name="time">Measures it.</param>
    /// <param name="post">Asks the agent's loop.</param>
    public Supervisor(Action<string> tell, TimeSpan? watchdog, TimeProvider time, Action<AgentMessage> post)
    {
        _tell = tell;
        if (watchdog is { } within) _timer = time.CreateTimer(_ => post(new AgentMessage.Pulse()), null, within / PulsesInTime, within / PulsesInTime);
    }

    /// <summary>The agent keeps its graph.</summary>
    public void Ready() => _tell("READY=1\nSTATUS=keeps this host as its graph says");

    /// <summary>The graph files are read again; <see cref="Ready"/> follows.</summary>
    public void Reloading() => _tell($"RELOADING=1\nMONOTONIC_USEC={(long)Stopwatch.GetElapsedTime(0).TotalMicroseconds}\nSTATUS=reads its graph again");

    /// <summary>The agent ends.</summary>
    public void Stopping(string reason) => _tell($"STOPPING=1\nSTATUS=ends: {reason}");

    /// <summary>The loops turn.</summary>
    public void Alive() => _tell("WATCHDOG=1");

    public void Dispose() => _timer?.Dispose();
}
