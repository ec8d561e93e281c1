using System.Net.Sockets;
using System.Security.Authentication;

namespace Mgmt.Mesh.Client;

/// <summary>No connection was made, so nothing was sent. It travels through HTTP's layers and is turned into a value behind them.</summary>
internal sealed class ConnectFailure(string reason, string advice, Exception? inner = null) : IOException(reason, inner)
{
    public string Reason { get; } = reason;

    public string Advice { get; } = advice;

    public static ConnectFailure Of(Endpoint endpoint, Exception cause) => endpoint is Endpoint.Unix socket ? OfSocket(socket, cause) : OfNetwork(endpoint, cause);

    public static ConnectFailure Late(Endpoint endpoint, TimeSpan patience) =>
        new($"cannot reach the store at {endpoint}: no connection within {patience.TotalSeconds:0.###} s", "see that the member runs and that its port is open");

    private static ConnectFailure OfSocket(Endpoint.Unix socket, Exception cause) => (cause as SocketException)?.SocketErrorCode switch
    {
        // A missing file, or one that an agent left behind when it was killed.
        SocketError.AddressNotAvailable or SocketError.ConnectionRefused => new(
            $"cannot reach the store at {socket}: no agent runs with this prefix",
            "start mgmt run with it, or name another place with --socket or --endpoints",
            cause),
        SocketError.AccessDenied => new($"cannot reach the store at {socket}: {Words(cause)}", "ask as the agent's own user, or as root", cause),
        _ => new($"cannot reach the store at {socket}: {Words(cause)}", "name another place with --socket or --endpoints", cause),
    };

    private static ConnectFailure OfNetwork(Endpoint endpoint, Exception cause) => cause switch
    {
        AuthenticationException => new($"cannot trust the store at {endpoint}: {Words(cause.InnerException ?? cause)}", "see that its certificate and yours are signed by --cacert and name the right hosts", cause),
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } => new(
            $"cannot reach the store at {endpoint}: there is no such host", "correct the name, or give an address", cause),
        _ => new($"cannot reach the store at {endpoint}: {Words(cause)}", "see that a member's API listens there (mgmt run --listen), with TLS or without as you ask", cause),
    };

    private static string Words(Exception cause) => cause.Message.TrimEnd('.') is var text && text.Length > 0 ? char.ToLowerInvariant(text[0]) + text[1..] : "it failed";
}
