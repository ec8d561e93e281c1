using Grpc.Core;
using Mgmt.Mesh.Api.Calls;
using Mgmt.Mesh.Api.Messages;
using Mgmt.Mesh.Api.Watches;

namespace Mgmt.Mesh.Api.Services;

/// <summary>Watches.</summary>
internal sealed class WatchService(StoreAccess store, Headers headers, ApiOptions options, CallCounts counts, TimeProvider time) : Wire.Watch.WatchBase
{
    private const uint Spread = 16;

    private uint _streams;

    public override async Task Watch(IAsyncStreamReader<Wire.WatchRequest> requestStream, IServerStreamWriter<Wire.WatchResponse> responseStream, ServerCallContext context)
    {
        var open = OpenStream.Of(context);
        var sender = new WatchSender(responseStream, context.GetHttpContext().Response.BodyWriter, headers, open.Writing);
        var stream = new WatchStream(store.Node, options, counts, time, sender, KeyGate.RightsOf(context));
        await open.RunAsync(cancel => stream.RunAsync(requestStream, NoticesAfter(), cancel));
    }

    // Streams that were opened at once, as after a restart, tell their progress at different times.
    private TimeSpan NoticesAfter()
    {
        var place = Interlocked.Increment(ref _streams) % Spread;
        return options.ProgressInterval + (options.ProgressInterval * (place / (10.0 * Spread)));
    }
}
