using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;
using Mgmt.Mesh.Trust;
using Mgmt.Mesh.Wire;

namespace Mgmt.Mesh.Client;

/// <summary>The line to one endpoint. It connects when something is asked, and again after it broke.</summary>
internal sealed class StoreLine : IDisposable
{
    // A member that does not take a connection within this is passed over for the next.
    private static readonly TimeSpan LongestConnect = TimeSpan.FromSeconds(2);

    // On a stream that is silent for so long the peer is asked whether it is still there; etcd suffers no more than one such question in 5 s.
    private static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(10);

    private readonly GrpcChannel _channel;
    private readonly ClientTls? _tls;
    private readonly string _host;
    private readonly TimeSpan _patience;

    public StoreLine(Endpoint endpoint, ClientTls? tls, StoreAddress address)
    {
        (Endpoint, _tls, _host) = (endpoint, tls, address.Host);
        _patience = address.Timeout < LongestConnect ? address.Timeout : LongestConnect;
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = ConnectAsync,
            UseProxy = false,
            AllowAutoRedirect = false,
            KeepAlivePingDelay = PingAfter,
            KeepAlivePingTimeout = PingAfter,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        };
        _channel = GrpcChannel.ForAddress($"{(tls is null ? "http" : "https")}://{endpoint.Authority}", new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,

            // A range is answered in one message, as long as it takes.
            MaxReceiveMessageSize = int.MaxValue,
            MaxSendMessageSize = null,
        });
        Keys = new(_channel);
        Watches = new(_channel);
        Members = new(_channel);
        Leases = new(_channel);
        Maintenance = new(_channel);
        Trust = new(_channel);
        Care = new(_channel);
        Hosts = new(_channel);
    }

    public Endpoint Endpoint { get; }

    public KV.KVClient Keys { get; }

    public Watch.WatchClient Watches { get; }

    public Cluster.ClusterClient Members { get; }

    public Lease.LeaseClient Leases { get; }

    public Maintenance.MaintenanceClient Maintenance { get; }

    public Wire.Trust.TrustClient Trust { get; }

    public Care.CareClient Care { get; }

    public Host.HostClient Hosts { get; }

    public void Dispose() => _channel.Dispose();

    /// <summary>All that can go wrong before the first byte of a request happens in here, and comes out as <see cref="ConnectFailure"/>.</summary>
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        late.CancelAfter(_patience);
        try
        {
            return await ConnectAsync(late.Token);
        }
        catch (Exception error) when (error is SocketException or IOException or AuthenticationException && error is not ConnectFailure)
        {
            throw ConnectFailure.Of(Endpoint, error);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw ConnectFailure.Late(Endpoint, _patience);
        }
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The stream owns the socket, and HTTP's handler the stream.")]
    private async ValueTask<Stream> ConnectAsync(CancellationToken cancel)
    {
        var isLocal = Endpoint is Endpoint.Unix;
        var socket = isLocal ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            await socket.ConnectAsync(Endpoint.Socket, cancel);
            stream = new NetworkStream(socket, ownsSocket: true);
            return _tls is null ? stream : stream = await SecureAsync(stream, _tls.For(Endpoint.Host), cancel);
        }
        catch
        {
            if (stream is not null) await stream.DisposeAsync();
            socket.Dispose();
            throw;
        }
    }

    // An address is what the mesh's store says; who is there, the mesh's authority has signed.
    private string? WrongHost(SslStream secure)
    {
        if (_host.Length == 0) return null;
        var host = secure.RemoteCertificate is X509Certificate2 certificate ? RoleWords.HostOf(certificate) : "";
        return host == _host ? null : host.Length == 0 ? "no host" : host;
    }

    private async ValueTask<Stream> SecureAsync(Stream stream, SslClientAuthenticationOptions options, CancellationToken cancel)
    {
        var secure = new SslStream(stream);
        try
        {
            await secure.AuthenticateAsClientAsync(options, cancel);
            if (WrongHost(secure) is { } other) throw new ConnectFailure($"cannot trust {Endpoint}: it is to be {_host}, and its certificate is for {other}", "see mgmt mesh members where that host is");
            if (secure.NegotiatedApplicationProtocol == SslApplicationProtocol.Http2) return secure;
            throw new ConnectFailure($"cannot reach the store at {Endpoint}: what answers there does not speak HTTP/2", "name a member's API with --endpoints");
        }
        catch
        {
            await secure.DisposeAsync();
            throw;
        }
    }
}
