using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Mgmt.Mesh.Api;
using Mgmt.Mesh.Api.Calls;

namespace Mgmt.Mesh.Trust;

/// <summary>
/// Who this host is to others, and whom it believes: a certificate for both ends of a connection, its key, and the mesh's authority. What a peer may do, its
/// certificate says in its subject's OU: agent, voter or operator. A new certificate is used by all connections that begin after <see cref="Reload"/>.
/// </summary>
public sealed class MeshTls : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(1);

    private readonly TlsFolder _folder;
    private readonly X509Certificate2Collection _authorities;

    // Connections may still use those that were replaced.
    private readonly List<X509Certificate2> _former = [];
    private X509Certificate2 _certificate;

    private MeshTls(TlsFolder folder, X509Certificate2 certificate, X509Certificate2Collection authorities, Revocations revocations) =>
        (_folder, _certificate, _authorities, Revocations) = (folder, certificate, authorities, revocations);

    /// <summary>This host's certificate, with its key.</summary>
    public X509Certificate2 Certificate => Volatile.Read(ref _certificate);

    /// <summary>Who is refused although an authority signed for it.</summary>
    public Revocations Revocations { get; }

    /// <summary>What the API is secured with.</summary>
    public ApiTls Api => new(Certificate, _authorities, RoleOf) { Present = () => Certificate, Revocations = Revocations };

    /// <summary>The authority that signs, as PEM.</summary>
    internal string AuthorityPem => _authorities[0].ExportCertificatePem();

    /// <summary>All authorities that are trusted, as PEM.</summary>
    internal string AuthoritiesPem => string.Join('\n', _authorities.Select(static one => one.ExportCertificatePem()));

    /// <summary>Reads PREFIX/tls/cert.pem, key.pem and ca.pem.</summary>
    /// <exception cref="MeshException">One is missing, cannot be read, does not fit the others, others may read the key, or the certificate does not hold now.</exception>
    public static MeshTls Load(string prefix) => Load(prefix, TimeProvider.System);

    /// <summary>Reads PREFIX/tls/cert.pem, key.pem and ca.pem.</summary>
    /// <param name="prefix">The agent's state directory.</param>
    /// <param name="time">Tells whether the certificate holds.</param>
    /// <exception cref="MeshException">One is missing, cannot be read, does not fit the others, others may read the key, or the certificate does not hold now.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "Who is answered owns the certificate.")]
    public static MeshTls Load(string prefix, TimeProvider time)
    {
        var folder = new TlsFolder(prefix);
        try
        {
            folder.Settle();
            Look(folder);
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(folder.Authority);
            if (authorities.Count == 0) throw new CryptographicException($"{folder.Authority} has no certificate");
            var certificate = X509Certificate2.CreateFromPemFile(folder.Certificate, folder.Key);
            if (WhyNotNow(certificate, time.GetUtcNow()) is { } why) throw new MeshException($"cannot use {folder.Certificate}: {why}");
            var revocations = Revocations.Open(folder.Revoked);
            if (revocations.Has(certificate)) throw new MeshException($"cannot use {folder.Certificate}: it is revoked; have a token made for this host (mgmt mesh token) and give it with --token");
            return new(folder, certificate, authorities, revocations);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new MeshException($"cannot use the certificates in {folder.Folder}: {e.Message.TrimEnd('.')}; they are PEM files, and the key is the certificate's", e);
        }
    }

    /// <summary>What a certificate lets its owner do.</summary>
    public static Role RoleOf(X509Certificate2 certificate) => RoleWords.RoleOf(certificate);

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

    /// <summary>From now on, new connections use the certificate that is on the disk now.</summary>
    /// <exception cref="CryptographicException">It cannot be read.</exception>
    internal void Reload()
    {
        var certificate = X509Certificate2.CreateFromPemFile(_folder.Certificate, _folder.Key);
        lock (_former) _former.Add(Interlocked.Exchange(ref _certificate, certificate));
    }

    internal SslClientAuthenticationOptions ClientOptions(string host) => new()
    {
        TargetHost = host, ClientCertificates = [Certificate],
        LocalCertificateSelectionCallback = (_, _, _, _, _) => Certificate, CertificateChainPolicy = Policy(ServerAuthentication),
        RemoteCertificateValidationCallback = Check,
    };

    internal SslServerAuthenticationOptions ServerOptions => new()
    {
        ServerCertificate = Certificate, ClientCertificateRequired = true, CertificateChainPolicy = Policy(ClientAuthentication),
        RemoteCertificateValidationCallback = Check,
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        Certificate.Dispose();
        lock (_former)
        {
            foreach (var one in _former) one.Dispose();
        }

        foreach (var one in _authorities) one.Dispose();
    }

    private static void Look(TlsFolder folder)
    {
        foreach (var file in new[] { folder.Certificate, folder.Key, folder.Authority })
        {
            if (!File.Exists(file))
                throw new MeshException($"cannot serve others with TLS: {file} is missing; make a mesh (mgmt mesh init), give a token of one (mgmt run --token), or listen on a loopback address with --insecure");
        }

        PrivateFile.Check(folder.Key);
    }

    private static string? WhyNotNow(X509Certificate2 certificate, DateTimeOffset now)
    {
        if (now > certificate.NotAfter) return $"it ended on {certificate.NotAfter.ToUniversalTime():u}; have a token made for this host (mgmt mesh token --host NAME) and give it with --token";
        return now < certificate.NotBefore ? $"it begins on {certificate.NotBefore.ToUniversalTime():u}, and here it is {now.UtcDateTime:u}; set this host's clock" : null;
    }

    // A mere no would leave whoever asked without a reason.
    private bool Check(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        PeerCheck.WhyNot(certificate, chain, errors, Revocations) is { } why ? throw new AuthenticationException(why) : true;

    // Nobody but the mesh's own authority, and no network is asked.
    private X509ChainPolicy Policy(string purpose)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.CustomTrustStore.AddRange(_authorities);
        policy.ApplicationPolicy.Add(new(purpose));
        return policy;
    }
}
