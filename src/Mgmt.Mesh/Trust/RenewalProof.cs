using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Google.Protobuf;
using Mgmt.Mesh.Wire;

namespace Mgmt.Mesh.Trust;

/// <summary>
/// A request for a new certificate carries the old one and a signature by its key, so that whoever signs need not believe who passed the request on. Said
/// again by another it is of no use: the certificate is for the key in it.
/// </summary>
internal static class RenewalProof
{
    private const int LongestCertificate = 8192;

    /// <summary>A request for a new key by the holder of a certificate.</summary>
    public static RenewRequest Make(X509Certificate2 certificate, ECDsa next, IEnumerable<string> names)
    {
        var request = new RenewRequest
        {
            Request = ByteString.CopyFrom(SigningRequest.Of(next)), Names = { names }, Certificate = ByteString.CopyFrom(certificate.RawData),
        };
        using var key = certificate.GetECDsaPrivateKey() ?? throw new MeshException("cannot renew this host's certificate: its key is not of ECDSA; join anew with a token");
        request.Proof = ByteString.CopyFrom(key.SignData(Signed(request), HashAlgorithmName.SHA256));
        return request;
    }

    /// <summary>The certificate that is to be renewed, if its holder asks; whether it still holds is not looked at.</summary>
    public static X509Certificate2? Read(RenewRequest request)
    {
        if (request.Certificate.Length > LongestCertificate) return null;
        X509Certificate2? certificate = null;
        try
        {
            certificate = X509CertificateLoader.LoadCertificate(request.Certificate.Span);
            using var key = certificate.GetECDsaPublicKey();
            if (key?.VerifyData(Signed(request), request.Proof.Span, HashAlgorithmName.SHA256) == true) return certificate;
        }
        catch (CryptographicException)
        {
            // It is none, or its key is none.
        }

        certificate?.Dispose();
        return null;
    }

    private static byte[] Signed(RenewRequest request) =>
        [.. "mgmt renew 1\n"u8, .. SHA256.HashData(request.Request.Span), .. SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', request.Names)))];
}
