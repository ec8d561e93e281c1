using System.Net;
using System.Security.Cryptography.X509Certificates;
using Mgmt.Mesh.Place;

namespace Mgmt.Mesh.Trust;

/// <summary>What may stand in a certificate as the name of a host.</summary>
internal static class CertificateNames
{
    public const int Most = 16;

    // What X.509 allows for a common name; the kernel's limit for a host's name is the same.
    private const int LongestHost = 64, LongestName = 253, LongestLabel = 63;

    /// <summary>The names and addresses that a certificate has.</summary>
    public static IReadOnlyList<string> Of(X509Certificate2 certificate) =>
        [.. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(static one => one.EnumerateDnsNames().Concat(one.EnumerateIPAddresses().Select(static address => address.ToString())))];

    /// <summary>Why a host cannot be called so, or null.</summary>
    public static string? HostRefusal(string host)
    {
        if (host.Length > LongestHost) return $"a host's name in a certificate has at most {LongestHost} characters";
        if (!IsDnsName(host) || IPAddress.TryParse(host, out _)) return $"\"{Shown(host)}\" cannot be the name of a host in a certificate: letters, digits, \".\", \"-\" and \"_\" can";
        if (StoreIdentity.TryParseHex(host, out _)) return $"\"{host}\" cannot be the name of a host: it looks like a member's id";
        return IsOfEveryHost(host) ? $"\"{host}\" is the name of every host" : null;
    }

    /// <summary>Why a host cannot have these names, or null.</summary>
    public static string? NamesRefusal(IReadOnlyCollection<string> names)
    {
        if (names.Count > Most) return $"{names.Count} names are more than the {Most} that a certificate may have";
        return names.FirstOrDefault(static one => !IsDnsName(one) && !IsAddress(one)) is { } wrong ? $"\"{Shown(wrong)}\" is neither a host's name nor an address" : null;
    }

    /// <summary>Whether a name means the host itself on every host, so that it cannot be anybody's own.</summary>
    public static bool IsOfEveryHost(string name) =>
        name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(name, out var address) && IPAddress.IsLoopback(address));

    private static bool IsAddress(string name) => name.Length <= 64 && !name.Contains('%', StringComparison.Ordinal) && IPAddress.TryParse(name, out var address)
        && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any) && address.ToString().Equals(name, StringComparison.OrdinalIgnoreCase);

    // What consists of numbers is an address or nothing.
    private static bool IsDnsName(string name) =>
        name.Length is > 0 and <= LongestName && name.Split('.').All(static label => label.Length is > 0 and <= LongestLabel && label.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        && !name.All(static c => char.IsAsciiDigit(c) || c == '.');

    private static string Shown(string name) => new(name.Take(80).Select(static c => char.IsControl(c) ? '?' : c).ToArray());
}
