using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Mgmt.Mesh.Trust;

/// <summary>Why the other end of a connection is refused, by what TLS found of its certificate.</summary>
internal static class PeerCheck
{
    private const X509ChainStatusFlags NotNow = X509ChainStatusFlags.NotTimeValid;

    /// <summary>Says why; null when there is no reason. A name is told only when the mesh's authority signed for it.</summary>
    public static string? WhyNot(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors, Revocations revocations)
    {
        if (certificate is not X509Certificate2 known) return "it showed no certificate";
        var found = (chain?.ChainStatus ?? []).Aggregate(X509ChainStatusFlags.NoError, static (all, one) => all | one.Status);
        if ((found & ~NotNow) != 0) return "its certificate is not of this mesh's authority, or not for this";
        var named = $"the certificate of {RoleWords.HostOf(known)}";
        if (revocations.Has(known)) return $"{named} is revoked";
        if (found != 0) return $"{named} holds from {known.NotBefore.ToUniversalTime():u} to {known.NotAfter.ToUniversalTime():u}, and here it is another time";
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)) return $"{named} does not name the address that was called";
        return errors == SslPolicyErrors.None ? null : $"{named} does not hold ({errors})";
    }
}
