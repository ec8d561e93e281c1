using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Mgmt.Mesh.Wire;

namespace Mgmt.Mesh.Tests.Api;

/// <summary>A raw gRPC client of all services.</summary>
internal sealed class RawClient(GrpcChannel channel)
{
    public KV.KVClient Kv { get; } = new(channel);

    public Watch.WatchClient Watches { get; } = new(channel);

    public Lease.LeaseClient Leases { get; } = new(channel);

    public Cluster.ClusterClient Cluster { get; } = new(channel);

    public Maintenance.MaintenanceClient Maintenance { get; } = new(channel);

    public async Task<long> PutAsync(string key, string value) =>
        (await Kv.PutAsync(new() { Key = ByteString.CopyFromUtf8(key), Value = ByteString.CopyFromUtf8(value) })).Header.Revision;

    public async Task<IReadOnlyList<string>> GetAsync(string key, string end = "") =>
        [.. (await Kv.RangeAsync(new() { Key = ByteString.CopyFromUtf8(key), RangeEnd = ByteString.CopyFromUtf8(end) })).Kvs.Select(one => one.Value.ToStringUtf8())];

    public WatchTalk Watch(Metadata? headers = null, CancellationToken cancel = default) => new(Watches.Watch(headers, cancellationToken: cancel));
}

/// <summary>A watch stream, by turns.</summary>
internal sealed class WatchTalk(AsyncDuplexStreamingCall<WatchRequest, WatchResponse> call) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private Task<bool>? _next;

    public async Task<WatchResponse> CreateAsync(WatchCreateRequest request)
    {
        await call.RequestStream.WriteAsync(new() { CreateRequest = request });
        return await NextAsync();
    }

    public Task SendAsync(WatchRequest request) => call.RequestStream.WriteAsync(request);

    public Task CancelAsync(long id) => SendAsync(new() { CancelRequest = new() { WatchId = id } });

    public Task AskProgressAsync() => SendAsync(new() { ProgressRequest = new() });

    /// <summary>The next answer.</summary>
    public async Task<WatchResponse> NextAsync() => await TryNextAsync(Patience) ?? throw new InvalidOperationException("the stream told nothing more");

    /// <summary>The next answer if it comes in time; null when it does not.</summary>
    public async Task<WatchResponse?> TryNextAsync(TimeSpan within)
    {
        _next ??= call.ResponseStream.MoveNext(CancellationToken.None);
        if (await Task.WhenAny(_next, Task.Delay(within)) != _next) return null;
        var has = await _next;
        _next = null;
        return has ? call.ResponseStream.Current : throw new InvalidOperationException("the stream ended");
    }

    public void Dispose() => call.Dispose();
}
