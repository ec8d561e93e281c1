using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Mgmt.Linux.Services;

/// <summary>Where the service manager that started this process hears of its state: the protocol of sd_notify(3).</summary>
public sealed class NotifySocket : IDisposable
{
    private const string Place = "NOTIFY_SOCKET", WatchdogTime = "WATCHDOG_USEC", WatchdogProcess = "WATCHDOG_PID";

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly UnixDomainSocketEndPoint _place;

    private NotifySocket(UnixDomainSocketEndPoint place, TimeSpan? watchdog) => (_place, Watchdog) = (place, watchdog);

    /// <summary>How often the manager wants to hear at least that the process is alive; null when it does not ask for that.</summary>
    public TimeSpan? Watchdog { get; }

    /// <summary>The one that the environment names, or null. The names are taken out of it: what this process starts is not the service.</summary>
    public static NotifySocket? OfProcess()
    {
        var socket = Of(Environment.GetEnvironmentVariable, Environment.ProcessId);
        foreach (var name in (string[])[Place, WatchdogTime, WatchdogProcess]) Environment.SetEnvironmentVariable(name, null);
        return socket;
    }

    /// <summary>The one that these variables name to this process, or null.</summary>
    internal static NotifySocket? Of(Func<string, string?> variable, int process)
    {
        if (variable(Place) is not { Length: > 1 } name || name[0] is not ('/' or '@')) return null;
        try
        {
            // "@" stands for the NUL of an abstract name.
            return new(new(name[0] == '@' ? '\0' + name[1..] : name), WatchdogOf(variable(WatchdogTime), variable(WatchdogProcess), process));
        }
        catch (ArgumentOutOfRangeException)
        {
            return null; // longer than the name of a socket can be
        }
    }

    /// <summary>Tells lines of <c>NAME=value</c>. A manager that does not listen any more is told nothing.</summary>
    public void Tell(string lines)
    {
        try
        {
            _socket.SendTo(Encoding.UTF8.GetBytes(lines), _place);
        }
        catch (SocketException)
        {
            // Whoever is to hear of that is the one who is not there.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private static TimeSpan? WatchdogOf(string? microseconds, string? process, int own)
    {
        const long most = 365L * 24 * 60 * 60 * 1_000_000;
        if (!string.IsNullOrEmpty(process) && process != own.ToString(CultureInfo.InvariantCulture)) return null;
        return long.TryParse(microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and < most ? TimeSpan.FromMicroseconds(count) : null;
    }
}
