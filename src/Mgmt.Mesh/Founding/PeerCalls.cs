using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Net.Client;
using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mgmt.Mesh.Founding;

/// <summary>Calls over gRPC.</summary>
/// <param name="isSecure">Whether to speak TLS.</param>
/// <param name="makeHandler">Makes what connects: it knows the certificates.</param>
internal sealed class PeerCalls(bool isSecure, Func<HttpMessageHandler> makeHandler) : IPeerCalls, IDisposable
{
    private const int LargestMessage = 4 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan JoinPatience = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan AppointPatience = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<PeerAddress, GrpcChannel> _channels = new();
    private readonly ConcurrentDictionary<PeerAddress, string> _problems = new();

    public string WhyNot(PeerAddress address) => _problems.GetValueOrDefault(address, "");

    public async Task<HelloResponse?> HelloAsync(PeerAddress address, HelloRequest request, CancellationToken cancel) =>
        await AskAsync(address, options => new Wire.Mesh.MeshClient(ChannelTo(address)).HelloAsync(request, options), Patience, cancel);

    public async Task<JoinResponse?> JoinAsync(PeerAddress address, JoinRequest request, CancellationToken cancel) =>
        await AskAsync(address, options => new Wire.Mesh.MeshClient(ChannelTo(address)).JoinAsync(request, options), JoinPatience, cancel);

    public async Task<AppointResponse?> AppointAsync(PeerAddress address, AppointRequest request, CancellationToken cancel) =>
        await AskAsync(address, options => new Wire.Mesh.MeshClient(ChannelTo(address)).AppointAsync(request, options), AppointPatience, cancel);

    public async Task<bool> SnapshotAsync(PeerAddress address, string path, CancellationToken cancel)
    {
        try
        {
            using var call = new Maintenance.MaintenanceClient(ChannelTo(address)).Snapshot(new SnapshotRequest(), cancellationToken: cancel);
            await using var file = File.Create(path);
            await foreach (var part in call.ResponseStream.ReadAllAsync(cancel)) await file.WriteAsync(part.Blob.Memory, cancel);
            return true;
        }
        catch (RpcException) when (!cancel.IsCancellationRequested)
        {
            return false;
        }
    }

    public void Dispose()
    {
        foreach (var channel in _channels.Values) channel.Dispose();
    }

    private async Task<T?> AskAsync<T>(PeerAddress address, Func<CallOptions, AsyncUnaryCall<T>> ask, TimeSpan patience, CancellationToken cancel)
        where T : class
    {
        try
        {
            var answer = await ask(new CallOptions(deadline: DateTime.UtcNow + patience, cancellationToken: cancel));
            _problems.TryRemove(address, out _);
            return answer;
        }
        catch (RpcException e) when (!cancel.IsCancellationRequested)
        {
            _problems[address] = (e.Status.DebugException?.GetBaseException().Message ?? e.Status.Detail).TrimEnd('.');
            return null;
        }
    }

    private GrpcChannel ChannelTo(PeerAddress address) => _channels.GetOrAdd(address, one => GrpcChannel.ForAddress($"{(isSecure ? "https" : "http")}://{one}", new GrpcChannelOptions
    {
        HttpHandler = makeHandler(), DisposeHttpClient = true, LoggerFactory = NullLoggerFactory.Instance, MaxReceiveMessageSize = LargestMessage,
    }));
}
