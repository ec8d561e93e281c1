using Mgmt.Mesh.Node;

namespace Mgmt.Mesh.Api;

/// <summary>The API of a host that keeps no store: its agent answers at the socket, and all that is the store's is refused for want of a leader.</summary>
public static class HostApi
{
    /// <summary>Begins to listen.</summary>
    /// <param name="socket">The path of the unix socket, absolute.</param>
    /// <param name="host">Speaks for the agent.</param>
    /// <param name="log">Takes what an operator should know.</param>
    /// <param name="time">For deadlines.</param>
    /// <param name="cancel">Gives up.</param>
    public static Task<ApiStart> StartAsync(string socket, IHostTalk host, IApiLog log, TimeProvider time, CancellationToken cancel) =>
        ApiServer.StartAsync(new ApiOptions { SocketPath = socket, Host = host }, new LateNode(static () => 0), null, null, null, log, time, cancel);
}
