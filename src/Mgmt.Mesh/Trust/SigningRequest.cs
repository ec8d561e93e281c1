using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Mgmt.Mesh.Trust;

/// <summary>Requests for certificates (PKCS #10). Only their keys count: everything else, who signs decides.</summary>
internal static class SigningRequest
{
    private const int Longest = 4096, KeyBits = 256;

    /// <summary>A request for a key.</summary>
    public static byte[] Of(ECDsa key) => new CertificateRequest("CN=mgmt", key, HashAlgorithmName.SHA256).CreateSigningRequest();

    /// <summary>The key of a request, of which it proves the possession; null when there is none that we sign.</summary>
    public static PublicKey? Read(ReadOnlySpan<byte> request)
    {
        if (request.Length > Longest) return null;
        try
        {
            var read = CertificateRequest.LoadSigningRequest(request.ToArray(), HashAlgorithmName.SHA256);
            using var key = read.PublicKey.GetECDsaPublicKey();
            return key is { KeySize: KeyBits } ? read.PublicKey : null;
        }
        catch (Exception e) when (e is CryptographicException or NotSupportedException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>What tells a key from others.</summary>
    public static string HashOf(PublicKey key) => Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
}
