using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Mgmt.Mesh.Trust;

/// <summary>By what a host's certificate is to be known beside its name.</summary>
public static class HostNames
{
    private static readonly string[] OfItself = ["localhost", "127.0.0.1", "::1"];

    /// <summary>What it is reached by from elsewhere, and what every host calls itself.</summary>
    /// <param name="places">Names and addresses that it advertises or listens on; those that mean any address are left out.</param>
    public static IReadOnlyList<string> Of(params IEnumerable<string?> places) =>
        [.. places.OfType<string>().Where(static one => one.Length > 0 && !IsAny(one)).Select(Canonical).Concat(OfItself).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Whether a certificate has all of these that matter elsewhere.</summary>
    internal static bool AreIn(X509Certificate2 certificate, IEnumerable<string> names) =>
        !names.Except(OfItself, StringComparer.OrdinalIgnoreCase).Except(CertificateNames.Of(certificate), StringComparer.OrdinalIgnoreCase).Any();

    private static string Canonical(string place) => IPAddress.TryParse(place, out var address) ? address.ToString() : place;

    private static bool IsAny(string place) => IPAddress.TryParse(place, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));
}
