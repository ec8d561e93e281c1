using System.Net;

namespace Mgmt.Mesh.Trust;

/// <summary>By what a host's certificate is to be known beside its name.</summary>
public static class HostNames
{
    /// <summary>What it is reached by from elsewhere, and what every host calls itself.</summary>
    /// <param name="places">Names and addresses that it advertises or listens on; those that mean any address are left out.</param>
    public static IReadOnlyList<string> Of(params IEnumerable<string?> places) =>
        [.. places.OfType<string>().Where(static one => one.Length > 0 && !IsAny(one)).Select(Canonical).Concat(["localhost", "127.0.0.1", "::1"]).Distinct(StringComparer.OrdinalIgnoreCase)];

    private static string Canonical(string place) => IPAddress.TryParse(place, out var address) ? address.ToString() : place;

    private static bool IsAny(string place) => IPAddress.TryParse(place, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));
}
