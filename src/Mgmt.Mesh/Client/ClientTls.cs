using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Mgmt.Mesh.Client;

/// <summary>Mutual TLS as a client: our certificate, and trust in one authority alone.</summary>
internal sealed class ClientTls : IDisposable
{
    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2Collection _between;
    private readonly X509Certificate2Collection _authorities;

    private ClientTls(X509Certificate2 certificate, X509Certificate2Collection between, X509Certificate2Collection authorities) =>
        (_certificate, _between, _authorities) = (certificate, between, authorities);

    /// <summary>What is in memory already; both belong to this from then on.</summary>
    public static ClientTls Of(X509Certificate2 certificate, X509Certificate2Collection authorities) => new(certificate, [], authorities);

    /// <summary>Reads the files.</summary>
    /// <returns>What was read, or null and the sentence that says what is wrong.</returns>
    [SuppressMessage("Reliability", "CA2000", Justification = "The answer owns it.")]
    public static ClientTls? Load(TlsFiles files, out string problem)
    {
        problem = "";
        var reading = files.Authority;
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(files.Authority);
            if (authorities.Count == 0) throw new CryptographicException("there is no certificate in it");
            var all = new X509Certificate2Collection();
            all.ImportFromPemFile(reading = files.Certificate);
            reading = $"{files.Certificate} with {files.Key}";
            return new(X509Certificate2.CreateFromPemFile(files.Certificate, files.Key), all, authorities);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            problem = $"cannot use {reading} for TLS: {error.Message.TrimEnd('.')}; name files in PEM with --cacert, --cert and --key";
            return null;
        }
    }

    /// <summary>For one connection to a host.</summary>
    public SslClientAuthenticationOptions For(string host) => new()
    {
        TargetHost = host,
        ApplicationProtocols = [SslApplicationProtocol.Http2],
        ClientCertificateContext = SslStreamCertificateContext.Create(_certificate, _between, offline: true),
        CertificateChainPolicy = Policy(),
    };

    public void Dispose()
    {
        foreach (var one in _authorities.Concat(_between)) one.Dispose();
        _certificate.Dispose();
    }

    private X509ChainPolicy Policy()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(_authorities);
        return policy;
    }
}
