using System.Net.Http;
using System.Net.Sockets;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Mgmt.Mesh.Wire;

namespace Mgmt.Robustness.Voters;

/// <summary>etcd's API of one member, over one connection that comes back by itself. It never tries a request twice.</summary>
internal sealed class EtcdClient : IAsyncDisposable
{
    private static readonly ByteString ZeroByte = ByteString.CopyFrom(0);
    private readonly GrpcChannel _channel;

    public EtcdClient(string url)
        : this(url, new() { EnableMultipleHttp2Connections = false, ConnectTimeout = TimeSpan.FromSeconds(1) })
    {
    }

    private EtcdClient(string url, SocketsHttpHandler handler)
    {
        _channel = GrpcChannel.ForAddress(url, new()
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            InitialReconnectBackoff = TimeSpan.FromMilliseconds(20),
            MaxReconnectBackoff = TimeSpan.FromMilliseconds(100),
            MaxReceiveMessageSize = null,
        });
        Keys = new(_channel);
        Watch = new(_channel);
        Lease = new(_channel);
        Cluster = new(_channel);
        Maintenance = new(_channel);
    }

    /// <summary>The API on an agent's own socket.</summary>
    public static EtcdClient OfSocket(string path) => new("http://localhost", new SocketsHttpHandler
    {
        EnableMultipleHttp2Connections = false,
        ConnectCallback = async (_, cancel) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    });

    /// <summary>Every key.</summary>
    public static (ByteString Key, ByteString End) All => (ZeroByte, ZeroByte);

    public KV.KVClient Keys { get; }

    public Watch.WatchClient Watch { get; }

    public Lease.LeaseClient Lease { get; }

    public Cluster.ClusterClient Cluster { get; }

    public Maintenance.MaintenanceClient Maintenance { get; }

    /// <summary>The options of a call that ends after a time, whatever becomes of the member.</summary>
    public static CallOptions Within(TimeSpan time) => new(deadline: DateTime.UtcNow + time);

    public async Task<PutResponse> PutAsync(string key, string value, TimeSpan within) =>
        await Keys.PutAsync(new() { Key = ByteString.CopyFromUtf8(key), Value = ByteString.CopyFromUtf8(value) }, Within(within));

    public async Task<RangeResponse> GetAsync(string key, TimeSpan within, bool serializable = false) =>
        await Keys.RangeAsync(new() { Key = ByteString.CopyFromUtf8(key), Serializable = serializable }, Within(within));

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await ValueTask.CompletedTask;
    }
}
