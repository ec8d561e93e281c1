using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Mgmt.Mesh.Api.Calls;
using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Raft.Wire;

namespace Mgmt.Mesh.Trust;

/// <summary>Mutual TLS on Raft's port, for voters only.</summary>
internal sealed class TlsTransport(MeshTls tls) : ITransportSecurity
{
    public async ValueTask<Stream> AuthenticateAsClientAsync(Stream connection, ulong member, PeerAddress address, CancellationToken cancel)
    {
        var stream = new SslStream(connection);
        try
        {
            await stream.AuthenticateAsClientAsync(tls.ClientOptions(address.Host), cancel);
            Check(stream);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    public async ValueTask<Raft.Wire.Caller> AuthenticateAsServerAsync(Stream connection, CancellationToken cancel)
    {
        var stream = new SslStream(connection);
        try
        {
            await stream.AuthenticateAsServerAsync(tls.ServerOptions, cancel);
            Check(stream);
            return new(stream, null);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private static void Check(SslStream stream)
    {
        if (stream.RemoteCertificate is not X509Certificate2 certificate || MeshTls.RoleOf(certificate) != Role.Voter)
            throw new AuthenticationException($"{stream.RemoteCertificate?.Subject ?? "nobody"} is no voter");
    }
}
