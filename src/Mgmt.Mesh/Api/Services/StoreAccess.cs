using Grpc.Core;
using Mgmt.Mesh.Api.Calls;
using Mgmt.Mesh.Node;
using Mgmt.Store;
using Mgmt.Store.Commands;
using Mgmt.Store.Machine;

namespace Mgmt.Mesh.Api.Services;

/// <summary>How calls reach the store, each within its time.</summary>
internal sealed class StoreAccess(IStoreNode node, ApiLimits limits, CallCounts counts, TimeProvider time)
{
    public IStoreNode Node => node;

    public KeyGate Gate { get; } = new(node);

    public CallTime Limit(ServerCallContext context) => new(context, limits.RequestTime, time);

    /// <summary>Has a command done, or throws why not.</summary>
    public async ValueTask<T> ExecuteAsync<T>(Command command, ServerCallContext context)
        where T : Response
    {
        // What this member knows of a lease's keys may be old, and a lease is ended for good.
        if (command is Command.LeaseRevoke && !KeyGate.RightsOf(context).AreAll) await LatestAsync(context);
        Gate.Check(command, context);
        using var limit = Limit(context);
        counts.ProposalBegins();
        var response = default(Response);
        try
        {
            response = await limit.WaitAsync(node.ExecuteAsync(command, limit.Token));
        }
        finally
        {
            counts.ProposalEnds(response is not null and not Response.Failed { Error.Code: Store.StatusCode.Unavailable });
        }

        return Failures.Expect<T>(response);
    }

    /// <summary>Answers a range or a transaction of ranges from a state that is as new as asked for, or throws why not.</summary>
    public async ValueTask<T> ReadAsync<T>(Operation operation, ServerCallContext context)
        where T : Response
    {
        KeyGate.Check(operation, context);
        Failures.ThrowIf(CommandCheck.Check(operation));
        var view = operation.IsSerializable ? node.View : await LatestAsync(context);
        if (view.Alarms.Any(static one => one.Kind == AlarmKind.Corrupt)) throw Failures.Of(StoreError.Corrupt);
        return Failures.Expect<T>(view.Read(operation));
    }

    /// <summary>A state with everything in it that was acknowledged before.</summary>
    public async ValueTask<StoreView> LatestAsync(ServerCallContext context)
    {
        using var limit = Limit(context);
        var reading = await limit.WaitAsync(node.ReadBarrierAsync(limit.Token), static error => new(null, error));
        return reading.View ?? throw Failures.Of(reading.Error!);
    }
}
