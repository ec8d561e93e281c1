using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Mgmt.Mesh.Api.Forwarding;
using Mgmt.Mesh.Api.Hosting;
using Mgmt.Mesh.Node;
using Microsoft.AspNetCore.Builder;

namespace Mgmt.Mesh.Api;

/// <summary>A server, or why there is none.</summary>
/// <param name="Server">The server, listening.</param>
/// <param name="Problem">Why there is none, beginning with "cannot"; empty when there is one.</param>
public sealed record ApiStart(ApiServer? Server, string Problem);

/// <summary>
/// Serves etcd's v3 API over a store: gRPC, and /health, /version and /metrics beside it on the same ports, by HTTP/1.1 and HTTP/2. It owns neither the store
/// nor the membership.
/// </summary>
public sealed class ApiServer : IAsyncDisposable
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(2), LastFrames = TimeSpan.FromMilliseconds(30);

    private readonly WebApplication _app;
    private readonly ApiParts _parts;
    private readonly Listening _listening;

    private ApiServer(WebApplication app, ApiParts parts, Listening listening) => (_app, _parts, _listening) = (app, parts, listening);

    /// <summary>The TCP addresses, with the ports that the system chose.</summary>
    public IReadOnlyList<IPEndPoint> Endpoints => _listening.Bound;

    /// <summary>Begins to listen.</summary>
    /// <param name="options">Where, and the bounds.</param>
    /// <param name="node">The store.</param>
    /// <param name="membership">Who changes the members; null refuses all changes.</param>
    /// <param name="talk">Speaks for the mesh; null when there is none.</param>
    /// <param name="trust">Speaks for its authority; null when there is none.</param>
    /// <param name="log">Takes what an operator should know.</param>
    /// <param name="time">For deadlines and progress.</param>
    /// <param name="cancel">Gives up.</param>
    public static Task<ApiStart> StartAsync(
        ApiOptions options, IStoreNode node, IMembership? membership, IMeshTalk? talk, ITrustTalk? trust, IApiLog log, TimeProvider time, CancellationToken cancel) =>
        StartAsync(options, node, membership, talk, trust, new NoUpstream(), log, time, cancel);

    /// <summary>Ends all streams: their clients go on elsewhere, or here once they ask again.</summary>
    public void EndStreams() => _parts.Streams.EndAll(isForGood: false);

    // The upstream answers this host's own users when this agent does not.
    [SuppressMessage("Reliability", "CA2000", Justification = "The server owns its parts, and the caller the server.")]
    internal static async Task<ApiStart> StartAsync(
        ApiOptions options, IStoreNode node, IMembership? membership, IMeshTalk? talk, ITrustTalk? trust, IUpstream upstream, IApiLog log, TimeProvider time, CancellationToken cancel)
    {
        if (Refusal(options) is { } refusal) return new(null, refusal);
        var problem = "";
        using var file = options.SocketPath is { } path ? SocketFile.TryClear(path, out problem) : null;
        if (problem.Length > 0) return new(null, problem);
        var parts = new ApiParts(options, node, membership ?? new NoMembership(), talk ?? new NoMeshTalk(), trust ?? new NoTrustTalk(), upstream, time);
        var listening = new Listening(options, time);
        var app = ApiHost.Build(parts, listening, log, StopWithin);
        var server = new ApiServer(app, parts, listening);
        try
        {
            await app.StartAsync(cancel);
            return new(server, "");
        }
        catch (Exception failure) when (failure is IOException or SocketException or UnauthorizedAccessException)
        {
            await server.DisposeAsync();
            return new(null, $"cannot listen on {Places(options)}: {(failure.InnerException ?? failure).Message}; free the address or choose another");
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes no more calls, ends all streams, and waits a bounded time for what is on its way.</summary>
    public async ValueTask DisposeAsync()
    {
        var told = _parts.Streams.EndAll(isForGood: true);
        using var limit = new CancellationTokenSource(StopWithin);
        try
        {
            if (!told.IsCompleted)
            {
                await told.WaitAsync(limit.Token);

                // Kestrel has a response for complete before the last frame of it has gone, and tells nobody when it has.
                await Task.Delay(LastFrames, limit.Token);
            }

            await _app.StopAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // What was not done in time is cut off.
        }

        await _app.DisposeAsync();
        _listening.Dispose();
        _parts.Dispose();
    }

    private static string? Refusal(ApiOptions options)
    {
        if (options.SocketPath is { } path && !Path.IsPathFullyQualified(path)) return $"cannot listen on {path}: the path is not absolute; give an absolute one";
        if (options.SocketPath is null && options.Endpoints.Count == 0) return "cannot listen: neither a unix socket nor an address is given; give one";
        if (options.Tls is { Certificate.HasPrivateKey: false }) return "cannot listen: the server's certificate has no private key; give it with its key";
        var exposed = options.Tls is null ? options.Endpoints.FirstOrDefault(static one => !IPAddress.IsLoopback(one.Address)) : null;
        return exposed is null ? null : $"cannot listen on {exposed} without TLS: anybody could write to the store; give certificates or a loopback address";
    }

    private static string Places(ApiOptions options) =>
        string.Join(", ", options.Endpoints.Select(static one => one.ToString()).Prepend(options.SocketPath).OfType<string>());
}
