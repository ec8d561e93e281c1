using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Mgmt.Mesh.Api.Calls;
using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Raft.Wire;

namespace Mgmt.Mesh.Trust;

/// <summary>Mutual TLS on Raft's port, for voters only. Connections of a certificate that is revoked are cut.</summary>
internal sealed class TlsTransport : ITransportSecurity
{
    private readonly MeshTls _tls;

    // Members are few; those whose connection is gone are dropped whenever another comes.
    private readonly ConcurrentDictionary<WeakReference<Stream>, string> _open = new();

    public TlsTransport(MeshTls tls)
    {
        _tls = tls;
        tls.Revocations.Grown += CutRevoked;
    }

    public async ValueTask<Stream> AuthenticateAsClientAsync(Stream connection, ulong member, PeerAddress address, CancellationToken cancel) =>
        await SecureAsync(connection, stream => stream.AuthenticateAsClientAsync(_tls.ClientOptions(address.Host), cancel));

    public async ValueTask<Raft.Wire.Caller> AuthenticateAsServerAsync(Stream connection, CancellationToken cancel) =>
        new(await SecureAsync(connection, stream => stream.AuthenticateAsServerAsync(_tls.ServerOptions, cancel)), null);

    private async Task<SslStream> SecureAsync(Stream connection, Func<SslStream, Task> authenticate)
    {
        var stream = new SslStream(connection);
        try
        {
            await authenticate(stream);
            Check(stream, connection);
            return stream;
        }
        catch (AuthenticationException e) when (e.InnerException is { } inner)
        {
            await stream.DisposeAsync();
            throw new AuthenticationException($"TLS failed: {inner.GetBaseException().Message}", e);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private void Check(SslStream stream, Stream connection)
    {
        var certificate = stream.RemoteCertificate as X509Certificate2 ?? throw new AuthenticationException("it showed no certificate");
        var (host, role) = (RoleWords.HostOf(certificate), RoleWords.RoleOf(certificate));
        if (role != Role.Voter) throw new AuthenticationException($"the certificate of {host} is for an {RoleWords.Of(role)}, not for a voter");
        foreach (var (one, _) in _open)
        {
            if (!one.TryGetTarget(out var there) || !there.CanRead) _open.TryRemove(one, out _);
        }

        // It may have been revoked since TLS looked.
        _open[new(connection)] = RoleWords.SerialOf(certificate);
        if (_tls.Revocations.Has(certificate)) throw new AuthenticationException($"the certificate of {host} is revoked");
    }

    // What TLS stands on is closed: whoever reads or writes above finds the connection broken.
    [SuppressMessage("Reliability", "CA2000", Justification = "Who has the connection disposes of it.")]
    private void CutRevoked()
    {
        foreach (var (one, serial) in _open)
        {
            if (_tls.Revocations.Has(serial) && one.TryGetTarget(out var connection)) connection.Dispose();
        }
    }
}
