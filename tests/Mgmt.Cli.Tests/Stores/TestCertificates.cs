using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Mgmt.Cli.Tests.Stores;

/// <summary>An authority, and a server's and a client's certificate that it signed, as files in PEM.</summary>
internal sealed class TestCertificates
{
    private readonly Scratch _place;

    public TestCertificates(Scratch place)
    {
        _place = place;
        using var authority = Authority("trusted");
        using var other = Authority("other");
        Sign(authority, "server", IPAddress.Loopback);
        Sign(authority, "client", null);
        Sign(other, "stranger", null);
    }

    public string[] ServerArguments =>
        ["--cert-file", _place["server.crt"], "--key-file", _place["server.key"], "--trusted-ca-file", _place["trusted.crt"], "--client-cert-auth"];

    /// <summary>The flags of a client.</summary>
    public string[] Flags(string authority, string client) => ["--cacert", _place[$"{authority}.crt"], "--cert", _place[$"{client}.crt"], "--key", _place[$"{client}.key"]];

    private X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(_place[$"{name}.crt"], certificate.ExportCertificatePem());
        return certificate;
    }

    private void Sign(X509Certificate2 authority, string name, IPAddress? address)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        if (address is not null) names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(12), RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(_place[$"{name}.crt"], certificate.ExportCertificatePem());
        File.WriteAllText(_place[$"{name}.key"], key.ExportPkcs8PrivateKeyPem());
    }
}
