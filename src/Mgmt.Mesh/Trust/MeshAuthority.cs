using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Mgmt.Mesh.Api.Calls;

namespace Mgmt.Mesh.Trust;

/// <summary>Whom a certificate is for.</summary>
/// <param name="Key">Its public key.</param>
/// <param name="Host">The host's name.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Names">Names and addresses by which others reach it, checked.</param>
/// <param name="Life">How long it is to hold.</param>
internal sealed record CertificateOrder(PublicKey Key, string Host, Role Role, IReadOnlyList<string> Names, TimeSpan Life);

/// <summary>The mesh's authority with its key: it signs certificates.</summary>
internal sealed class MeshAuthority : IDisposable
{
    private const int SerialBytes = 16, LifeInYears = 10;
    private const string ServerUse = "1.3.6.1.5.5.7.3.1", ClientUse = "1.3.6.1.5.5.7.3.2";

    // Clocks differ a little: a new certificate holds at once everywhere. It stays a small part of a short life.
    private static readonly TimeSpan MostSlack = TimeSpan.FromMinutes(5);
    private const int SlackPart = 20;

    private MeshAuthority(X509Certificate2 certificate) => Certificate = certificate;

    /// <summary>The certificate, with its key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Its key as it is written.</summary>
    public string KeyPem
    {
        get
        {
            using var key = Certificate.GetECDsaPrivateKey()!;
            return key.ExportPkcs8PrivateKeyPem();
        }
    }

    /// <summary>Makes an authority.</summary>
    public static MeshAuthority Create(TimeProvider time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName($"mgmt mesh {Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}");
        var request = new CertificateRequest(name.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = time.GetUtcNow();
        return new(request.CreateSelfSigned(now - TimeSpan.FromDays(1), now.AddYears(LifeInYears)));
    }

    /// <summary>Reads the authority of this directory; null when its key is elsewhere.</summary>
    /// <exception cref="MeshException">It cannot be used.</exception>
    public static MeshAuthority? Load(TlsFolder folder)
    {
        if (!File.Exists(folder.AuthorityKey)) return null;
        PrivateFile.Check(folder.AuthorityKey);
        try
        {
            return new(X509Certificate2.CreateFromPemFile(folder.Authority, folder.AuthorityKey));
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new MeshException($"cannot use the authority in {folder.Folder}: {e.Message.TrimEnd('.')}; {folder.AuthorityKey} is to be the key of {folder.Authority}", e);
        }
    }

    /// <summary>Signs a certificate; its number is chosen by chance.</summary>
    public X509Certificate2 Issue(CertificateOrder order, DateTimeOffset now)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(order.Host);
        subject.AddOrganizationalUnitName(RoleWords.Of(order.Role));
        var request = new CertificateRequest(subject.Build(), order.Key, HashAlgorithmName.SHA256);
        var all = request.CertificateExtensions;
        all.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        all.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        all.Add(new X509EnhancedKeyUsageExtension([new(ServerUse), new(ClientUse)], critical: false));
        all.Add(NamesOf(order));
        all.Add(new X509SubjectKeyIdentifierExtension(order.Key, critical: false));
        all.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var slack = order.Life / SlackPart;
        var (from, to) = (Later(now - (slack < MostSlack ? slack : MostSlack), Certificate.NotBefore), Earlier(now + order.Life, Certificate.NotAfter));
        return request.Create(Certificate, from, to, NewSerial());
    }

    /// <inheritdoc/>
    public void Dispose() => Certificate.Dispose();

    private static X509Extension NamesOf(CertificateOrder order)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in order.Names.Prepend(order.Host).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (IPAddress.TryParse(name, out var address)) names.AddIpAddress(address);
            else names.AddDnsName(name);
        }

        return names.Build();
    }

    // Positive, and its first byte not 0, so that it is written in one way only.
    private static byte[] NewSerial()
    {
        var serial = RandomNumberGenerator.GetBytes(SerialBytes);
        serial[0] = (byte)((serial[0] & 0x3f) | 0x40);
        return serial;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTime other) => one > other ? one : other;

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTime other) => one < other ? one : other;
}
