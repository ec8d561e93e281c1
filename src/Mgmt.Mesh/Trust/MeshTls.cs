using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Mgmt.Mesh.Api;
using Mgmt.Mesh.Api.Calls;

namespace Mgmt.Mesh.Trust;

/// <summary>
/// Who this host is to others, and whom it believes: a certificate for both ends of a connection, its key, and the mesh's authority. What a peer may do, its
/// certificate says in its subject's OU: agent, voter or operator.
/// </summary>
public sealed class MeshTls : IDisposable
{
    private const string OrganizationalUnit = "2.5.4.11";
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(1);

    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2Collection _authorities;

    private MeshTls(X509Certificate2 certificate, X509Certificate2Collection authorities) => (_certificate, _authorities) = (certificate, authorities);

    /// <summary>What the API is secured with.</summary>
    public ApiTls Api => new(_certificate, _authorities, RoleOf);

    /// <summary>Reads PREFIX/tls/cert.pem, key.pem and ca.pem.</summary>
    /// <exception cref="MeshException">One is missing, cannot be read, does not fit the others, or others may read the key.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "Who is answered owns the certificate.")]
    public static MeshTls Load(string prefix)
    {
        var folder = Path.Combine(prefix, "tls");
        var (cert, key, ca) = (Path.Combine(folder, "cert.pem"), Path.Combine(folder, "key.pem"), Path.Combine(folder, "ca.pem"));
        foreach (var file in new[] { cert, key, ca })
        {
            if (!File.Exists(file)) throw new MeshException($"cannot serve others with TLS: {file} is missing; put this host's certificate, its key and the mesh's authority into {folder}, or listen on a loopback address with --insecure");
        }

        if ((File.GetUnixFileMode(key) & (UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != 0)
            throw new MeshException($"cannot use {key}: others may read or write it; chmod 600 it");
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(ca);
            return authorities.Count > 0 ? new(X509Certificate2.CreateFromPemFile(cert, key), authorities) : throw new CryptographicException($"{ca} has no certificate");
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new MeshException($"cannot use the certificates in {folder}: {e.Message.TrimEnd('.')}; they are PEM files, and the key is the certificate's", e);
        }
    }

    /// <summary>What a certificate lets its owner do.</summary>
    public static Role RoleOf(X509Certificate2 certificate)
    {
        foreach (var part in certificate.SubjectName.EnumerateRelativeDistinguishedNames())
        {
            if (part.HasMultipleElements || part.GetSingleElementType().Value != OrganizationalUnit) continue;
            return part.GetSingleElementValue() switch
            {
                "agent" => Role.Agent,
                "voter" => Role.Voter,
                "operator" => Role.Operator,
                _ => Role.None,
            };
        }

        return Role.None;
    }

    /// <summary>Calls another agent's API as this host.</summary>
    public HttpMessageHandler CallHandler(TimeSpan connectTimeout)
    {
        var handler = PlainHandler(connectTimeout);
        handler.SslOptions = ClientOptions("");
        return handler;
    }

    /// <summary>Calls another agent's API as nobody in particular, without TLS. A peer that is silent amid a call is given up soon.</summary>
    internal static SocketsHttpHandler PlainHandler(TimeSpan connectTimeout) => new()
    {
        ConnectTimeout = connectTimeout, EnableMultipleHttp2Connections = true, UseProxy = false, AllowAutoRedirect = false,
        KeepAlivePingDelay = SilentAfter, KeepAlivePingTimeout = SilentAfter, KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
    };

    internal SslClientAuthenticationOptions ClientOptions(string host) => new()
    {
        TargetHost = host, ClientCertificates = [_certificate],
        LocalCertificateSelectionCallback = (_, _, _, _, _) => _certificate, CertificateChainPolicy = Policy(ServerAuthentication),
    };

    internal SslServerAuthenticationOptions ServerOptions => new()
    {
        ServerCertificate = _certificate, ClientCertificateRequired = true, CertificateChainPolicy = Policy(ClientAuthentication),
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        _certificate.Dispose();
        foreach (var one in _authorities) one.Dispose();
    }

    // Nobody but the mesh's own authority, and no network is asked.
    private X509ChainPolicy Policy(string purpose)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.CustomTrustStore.AddRange(_authorities);
        policy.ApplicationPolicy.Add(new(purpose));
        return policy;
    }
}
