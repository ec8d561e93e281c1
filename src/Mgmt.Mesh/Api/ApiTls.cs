using System.Security.Cryptography.X509Certificates;
using Mgmt.Mesh.Api.Calls;
using Mgmt.Mesh.Trust;

namespace Mgmt.Mesh.Api;

/// <summary>
/// Mutual TLS, 1.2 or later: a client's certificate has to be one that one of the authorities signed for clients. A client without any may ask for the
/// authority and for a certificate, and nothing else.
/// </summary>
/// <param name="Certificate">The server's, with its private key.</param>
/// <param name="Authorities">Whom to trust about clients.</param>
/// <param name="RoleOf">What a client with this certificate may do. Asked once for each connection.</param>
public sealed record ApiTls(X509Certificate2 Certificate, X509Certificate2Collection Authorities, Func<X509Certificate2, Role> RoleOf)
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>The certificate to show now, asked for each connection; null is the one given.</summary>
    public Func<X509Certificate2>? Present { get; init; }

    /// <summary>Who is refused all the same, now and as soon as it is known; null is nobody.</summary>
    public Revocations? Revocations { get; init; }

    /// <summary>Whether a client's certificate is to be trusted. No network is asked.</summary>
    internal bool IsTrusted(X509Certificate2 certificate) => Revocations?.Has(certificate) != true && IsSigned(certificate, null);

    /// <summary>Whether an authority signed a client's certificate, and it holds now; it may be revoked.</summary>
    internal bool IsSigned(X509Certificate2 certificate, X509Chain? sent)
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(Authorities);
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.ApplicationPolicy.Add(new(ClientAuthentication));
        if (sent is not null) policy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        return chain.Build(certificate);
    }
}
