using Grpc.Core;
using Grpc.Core.Interceptors;
using Mgmt.Mesh.Node;
using Mgmt.Store;

namespace Mgmt.Mesh.Api.Calls;

/// <summary>What every call passes: whether the caller may, whether there is room, whether there is the leader it insists on; and it is counted.</summary>
internal sealed class CallGate(IStoreNode node, ApiLimits limits, CallCounts counts, OpenStreams streams) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        var response = default(TResponse);
        await PassAsync(context, async row =>
        {
            if (!counts.TryBeginRequest(limits.Requests)) throw Failures.Of(StoreError.TooManyRequests);
            try
            {
                if (NeedsLeader(context) && !node.Leadership.IsKnown) throw Failures.Of(StoreError.NoLeader);
                response = await continuation(request, context);
            }
            finally
            {
                counts.EndRequest();
            }
        });
        return response!;
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        StreamAsync(context, () => continuation(request, responseStream, context));

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        StreamAsync(context, () => continuation(requestStream, responseStream, context));

    private Task StreamAsync(ServerCallContext context, Func<Task> serve) => PassAsync(context, async row =>
    {
        var needsLeader = NeedsLeader(context);
        if (needsLeader && !node.Leadership.IsKnown) throw Failures.Of(StoreError.NoLeader);
        if (!counts.TryBeginStream(limits.Streams)) throw Failures.Of(StoreError.TooManyRequests);
        var stream = streams.Open(context, needsLeader);
        try
        {
            await serve();
        }
        finally
        {
            streams.Close(stream);
            counts.EndStream();
        }
    });

    private async Task PassAsync(ServerCallContext context, Func<MethodRow, Task> serve)
    {
        var row = MethodTable.Find(context.Method);
        var caller = context.GetHttpContext().Features.Get<Caller>();
        if (!MethodTable.Allows(row, caller)) throw caller is { IsRevoked: true } ? Failures.Revoked(caller.Host) : Failures.PermissionDenied;
        counts.Started(row!);
        var code = Grpc.Core.StatusCode.Unknown;
        try
        {
            await serve(row!);
            code = Grpc.Core.StatusCode.OK;
        }
        catch (RpcException failure)
        {
            code = failure.StatusCode;
            throw;
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            // Nobody reads the answer any more.
            code = Grpc.Core.StatusCode.Cancelled;
            throw Failures.Of(code, "context canceled");
        }
        finally
        {
            counts.Handled(row!, (int)code);
        }
    }

    private static bool NeedsLeader(ServerCallContext context) => context.RequestHeaders.GetValue("hasleader") == "true";
}
