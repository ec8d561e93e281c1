using Grpc.Core;
using Mgmt.Mesh.Wire;

namespace Mgmt.Mesh.Client;

/// <summary>Leases.</summary>
public sealed partial class StoreClient
{
    /// <summary>Makes a lease.</summary>
    public Task<StoreAnswer<LeaseGrantResponse>> GrantAsync(LeaseGrantRequest request, CancellationToken cancel) =>
        AskAsync(isRead: false, (line, options) => line.Leases.LeaseGrantAsync(request, options), cancel);

    /// <summary>Ends a lease, and with it every key that is attached to it.</summary>
    public Task<StoreAnswer<LeaseRevokeResponse>> RevokeAsync(LeaseRevokeRequest request, CancellationToken cancel) =>
        AskAsync(isRead: false, (line, options) => line.Leases.LeaseRevokeAsync(request, options), cancel);

    /// <summary>How long a lease has to live; its TTL is -1 when there is no such lease.</summary>
    public Task<StoreAnswer<LeaseTimeToLiveResponse>> TimeToLiveAsync(LeaseTimeToLiveRequest request, CancellationToken cancel) =>
        AskAsync(isRead: true, (line, options) => line.Leases.LeaseTimeToLiveAsync(request, options), cancel);

    /// <summary>Gives a lease its full time again, once; its TTL is 0 when there is no such lease.</summary>
    public Task<StoreAnswer<LeaseKeepAliveResponse>> KeepAliveAsync(long lease, CancellationToken cancel) =>
        AskAsync(isRead: true, (line, options) => KeepAlive(line.Leases.LeaseKeepAlive(options), lease), cancel);

    // A stream of one question and one answer, so that it is asked like everything else.
    private static AsyncUnaryCall<LeaseKeepAliveResponse> KeepAlive(AsyncDuplexStreamingCall<LeaseKeepAliveRequest, LeaseKeepAliveResponse> call, long lease) =>
        new(OnceAsync(call, lease), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);

    private static async Task<LeaseKeepAliveResponse> OnceAsync(AsyncDuplexStreamingCall<LeaseKeepAliveRequest, LeaseKeepAliveResponse> call, long lease)
    {
        await call.RequestStream.WriteAsync(new LeaseKeepAliveRequest { ID = lease });
        await call.RequestStream.CompleteAsync();
        return await call.ResponseStream.MoveNext(CancellationToken.None)
            ? call.ResponseStream.Current
            : throw new RpcException(new Status(StatusCode.Unavailable, "the stream of keep-alives ended without an answer"));
    }
}
