using Grpc.Core;
using Mgmt.Mesh.Api.Calls;
using Mgmt.Mesh.Api.Messages;
using Mgmt.Mesh.Node;
using Mgmt.Store;
using Mgmt.Store.Commands;

namespace Mgmt.Mesh.Api.Services;

/// <summary>Leases.</summary>
/// <param name="store">The store.</param>
/// <param name="headers">The answers' headers.</param>
/// <param name="nextId">Gives an id, more than 0, to a lease whose client has none for it.</param>
internal sealed class LeaseService(StoreAccess store, Headers headers, Func<long> nextId) : Wire.Lease.LeaseBase
{
    public override async Task<Wire.LeaseGrantResponse> LeaseGrant(Wire.LeaseGrantRequest request, ServerCallContext context)
    {
        var command = new Command.LeaseGrant(request.ID == 0 ? nextId() : request.ID, request.TTL);
        var response = await store.ExecuteAsync<Response.LeaseGrant>(command, context);
        return new() { Header = headers.Of(response.Revision), ID = response.Lease.Id, TTL = response.Lease.Seconds };
    }

    public override async Task<Wire.LeaseRevokeResponse> LeaseRevoke(Wire.LeaseRevokeRequest request, ServerCallContext context)
    {
        var response = await store.ExecuteAsync<Response.LeaseEnd>(new Command.LeaseRevoke(request.ID), context);
        return new() { Header = headers.Of(response.Revision) };
    }

    public override async Task LeaseKeepAlive(
        IAsyncStreamReader<Wire.LeaseKeepAliveRequest> requestStream, IServerStreamWriter<Wire.LeaseKeepAliveResponse> responseStream, ServerCallContext context)
    {
        var stream = OpenStream.Of(context);
        await stream.RunAsync(async cancel =>
        {
            while (await requestStream.MoveNext(cancel))
            {
                // The header is made before: when the lease ends after this, that has a later revision than the answer.
                var answer = new Wire.LeaseKeepAliveResponse { Header = headers.Now(), ID = requestStream.Current.ID };
                store.Gate.CheckLease(answer.ID, context);
                var left = await store.Node.KeepAliveAsync(answer.ID, cancel);
                Failures.ThrowIf(left.Error);
                answer.TTL = Math.Max(0, left.Seconds);
                await responseStream.WriteAsync(answer, stream.Writing);
            }
        });
    }

    public override async Task<Wire.LeaseTimeToLiveResponse> LeaseTimeToLive(Wire.LeaseTimeToLiveRequest request, ServerCallContext context)
    {
        using var limit = store.Limit(context);
        var left = await limit.WaitAsync(store.Node.TimeToLiveAsync(request.ID, limit.Token), static error => new LeaseTime(0, 0, error));
        Failures.ThrowIf(left.Error);
        if (left.Seconds < 0) return new() { Header = headers.Now(), ID = request.ID, TTL = -1 };
        var answer = new Wire.LeaseTimeToLiveResponse { ID = request.ID, TTL = left.Seconds, GrantedTTL = left.Granted };
        var rights = KeyGate.RightsOf(context);
        if (request.Keys) answer.Keys.AddRange((await store.LatestAsync(context)).LeaseKeys(request.ID).Where(one => rights.ReadRefusal(KeyRange.Single(one)) is null).Select(Answers.Wrap));
        answer.Header = headers.Now();
        return answer;
    }

    public override Task<Wire.LeaseLeasesResponse> LeaseLeases(Wire.LeaseLeasesRequest request, ServerCallContext context)
    {
        var view = store.Node.View;
        var answer = new Wire.LeaseLeasesResponse { Header = headers.Of(view.Revision) };
        answer.Leases.AddRange(view.Leases.Keys.Select(static id => new Wire.LeaseStatus { ID = id }));
        return Task.FromResult(answer);
    }
}
