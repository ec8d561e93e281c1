using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Mgmt.Mesh.Api.Calls;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Mgmt.Mesh.Api.Hosting;

/// <summary>Where the server listens, how connections are secured, and who is at their other end.</summary>
internal sealed class Listening(ApiOptions options, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan FirstBytesWithin = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<EndPoint, IPEndPoint> _bound = new();
    private readonly SecureConnections? _secure = options.Tls is { } tls ? new(tls, time) : null;

    /// <summary>The TCP addresses in the order they were asked for, with the ports that the system chose.</summary>
    public IReadOnlyList<IPEndPoint> Bound => [.. options.Endpoints.Select(one => _bound.GetValueOrDefault(one, one))];

    public void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowAlternateSchemes = true;
        kestrel.Limits.MaxConcurrentConnections = options.Limits.Connections;
        kestrel.Limits.MaxConcurrentUpgradedConnections = 0;
        kestrel.Limits.MaxRequestBodySize = ApiLimits.MessageBytes * 2;
        kestrel.Limits.Http2.MaxStreamsPerConnection = options.Limits.CallsPerConnection;

        // A dead peer is noticed by this, and a slow one may be slow: what waits for it is bounded.
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromMinutes(1);
        kestrel.Limits.MinResponseDataRate = null;
        if (options.SocketPath is { } path) kestrel.ListenUnixSocket(path, Open);
        foreach (var endpoint in options.Endpoints) kestrel.Listen(endpoint, Choose);
    }

    public void Configure(SocketTransportOptions sockets) => sockets.CreateBoundListenSocket = endpoint =>
    {
        if (endpoint is UnixDomainSocketEndPoint unix) return SocketFile.Bind(unix);
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        _bound[endpoint] = (IPEndPoint)socket.LocalEndPoint!;
        return socket;
    };

    private void Choose(ListenOptions listen)
    {
        if (options.Tls is { } tls) Secure(listen, tls);
        else Open(listen);
    }

    /// <inheritdoc/>
    public void Dispose() => _secure?.Dispose();

    // Who can open the unix socket, or sits on this machine where security was given up, may do everything.
    private void Open(ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http1AndHttp2;
        listen.Use(next => new PrefaceSniffer(Introduce(next, static _ => Role.Operator), FirstBytesWithin, time).ServeAsync);
    }

    [SuppressMessage("Security", "CA5398", Justification = "A floor is promised; the system's choice could be an older version.")]
    private void Secure(ListenOptions listen, ApiTls tls)
    {
        listen.Protocols = HttpProtocols.Http1AndHttp2;
        listen.UseHttps(new HttpsConnectionAdapterOptions
        {
            ServerCertificateSelector = (_, _) => tls.Present?.Invoke() ?? tls.Certificate,
            ClientCertificateMode = ClientCertificateMode.AllowCertificate,

            // One that is revoked comes as far as to be told so.
            ClientCertificateValidation = (certificate, chain, _) => tls.IsSigned(certificate, chain),
            SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CheckCertificateRevocation = false,
        });
        listen.Use(next => connection =>
        {
            if (connection.Features.Get<ITlsApplicationProtocolFeature>() is { ApplicationProtocol.Span: [(byte)'h', (byte)'2'] }) AuthorityReader.Join(connection);
            return _secure!.ServeAsync(connection, next);
        });
    }

    private static ConnectionDelegate Introduce(ConnectionDelegate next, Func<ConnectionContext, Role> roleOf) => connection =>
    {
        connection.Features.Set(new Caller(roleOf(connection)));
        return next(connection);
    };
}
