using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Grpc.Net.Client;
using Mgmt.Mesh.Api;
using Mgmt.Mesh.Node;

namespace Mgmt.Mesh.Tests.Api;

/// <summary>The API over a node of one member, on a unix socket and a TCP port.</summary>
internal sealed class TestServer : IAsyncDisposable, IApiLog
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mgmt-api-").FullName;
    private readonly ConcurrentBag<GrpcChannel> _channels = [];

    private TestServer(SoloNode solo) => Solo = solo;

    public SoloNode Solo { get; }

    public ApiServer Server { get; private set; } = null!;

    public ConcurrentQueue<string> Warnings { get; } = new();

    public string SocketPath => Path.Combine(_folder, "agent.sock");

    public IPEndPoint Tcp => Server.Endpoints[0];

    public string Url => $"http://{Tcp}";

    public static async Task<TestServer> StartAsync(
        Func<ApiOptions, ApiOptions>? change = null, NodeOptions? node = null, IMembership? membership = null, TimeProvider? time = null, Func<IStoreNode, IStoreNode>? wrap = null)
    {
        var test = new TestServer(SoloNode.Start(node, time, new(0xc0ffee0123456789, 0xfeedface01234567)));
        var options = new ApiOptions { SocketPath = test.SocketPath, Endpoints = [new(IPAddress.Loopback, 0)] };
        var served = wrap?.Invoke(test.Solo.Node) ?? test.Solo.Node;
        var start = await ApiServer.StartAsync(change?.Invoke(options) ?? options, served, membership, null, null, test, time ?? TimeProvider.System, CancellationToken.None);
        Assert.Equal("", start.Problem);
        test.Server = start.Server!;
        return test;
    }

    public void Warn(string sentence) => Warnings.Enqueue(sentence);

    /// <summary>A client over TCP.</summary>
    public RawClient Connect() => new(Keep(GrpcChannel.ForAddress(Url, Options(new()))));

    /// <summary>A client over the unix socket.</summary>
    public RawClient ConnectToSocket() => new(Keep(GrpcChannel.ForAddress("http://localhost", Options(Handler(SocketPath)))));

    public static SocketsHttpHandler Handler(string path) => new()
    {
        ConnectCallback = async (_, cancel) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in _channels) channel.Dispose();
        await Server.DisposeAsync();
        await Solo.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        Assert.Empty(Warnings);
    }

    private static GrpcChannelOptions Options(SocketsHttpHandler handler) => new() { HttpHandler = handler, DisposeHttpClient = true, MaxReceiveMessageSize = null, MaxSendMessageSize = null };

    private GrpcChannel Keep(GrpcChannel channel)
    {
        _channels.Add(channel);
        return channel;
    }
}
