using System.Diagnostics.CodeAnalysis;
using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mgmt.Mesh.Trust;

/// <summary>Calls to an agent that signs. Null is no answer.</summary>
internal interface ITrustCalls
{
    /// <summary>Passes on a request of a host that is not known yet.</summary>
    Task<EnrollResponse?> EnrollAsync(PeerAddress address, EnrollRequest request, CancellationToken cancel);

    /// <summary>Passes on a request for a new certificate.</summary>
    Task<EnrollResponse?> RenewAsync(PeerAddress address, RenewRequest request, CancellationToken cancel);
}

/// <summary>Calls over gRPC. They are few: each has a connection of its own.</summary>
/// <param name="makeHandler">Makes what connects: it knows the certificates.</param>
internal sealed class TrustCalls(Func<HttpMessageHandler> makeHandler) : ITrustCalls
{
    private const int LargestMessage = 256 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10), ShortPatience = TimeSpan.FromSeconds(1);

    /// <summary>The authority as it says itself.</summary>
    public Task<AuthorityResponse?> AuthorityAsync(PeerAddress address, CancellationToken cancel) =>
        AskAsync(address, static (client, options) => client.AuthorityAsync(new(), options), cancel);

    public Task<EnrollResponse?> EnrollAsync(PeerAddress address, EnrollRequest request, CancellationToken cancel) =>
        AskAsync(address, (client, options) => client.EnrollAsync(request, options), cancel);

    public Task<EnrollResponse?> RenewAsync(PeerAddress address, RenewRequest request, CancellationToken cancel) =>
        AskAsync(address, (client, options) => client.RenewAsync(request, options), cancel);

    /// <summary>Why there was no answer the last time.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>Whether an agent answers, within a second, that the certificate it is asked with is revoked.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The invoker disposes of its handler.")]
    public async Task<bool> IsRevokedAsync(PeerAddress address, CancellationToken cancel)
    {
        using var invoker = new HttpMessageInvoker(makeHandler());
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(ShortPatience);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"https://{address}/readyz")) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            using var response = await invoker.SendAsync(request, limit.Token);
            return response.StatusCode == HttpStatusCode.Unauthorized;
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return false;
        }
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The channel disposes of its handler.")]
    private async Task<T?> AskAsync<T>(PeerAddress address, Func<Wire.Trust.TrustClient, CallOptions, AsyncUnaryCall<T>> ask, CancellationToken cancel)
        where T : class
    {
        using var channel = GrpcChannel.ForAddress($"https://{address}", new GrpcChannelOptions
        {
            HttpHandler = makeHandler(), DisposeHttpClient = true, LoggerFactory = NullLoggerFactory.Instance, MaxReceiveMessageSize = LargestMessage,
        });
        try
        {
            return await ask(new(channel), new CallOptions(deadline: DateTime.UtcNow + Patience, cancellationToken: cancel));
        }
        catch (RpcException e) when (!cancel.IsCancellationRequested)
        {
            Problem = Innermost(e);
            return null;
        }
    }

    private static string Innermost(RpcException error)
    {
        Exception? cause = error.Status.DebugException;
        while (cause?.InnerException is { } inner) cause = inner;
        return (cause?.Message ?? error.Status.Detail).TrimEnd('.');
    }
}
