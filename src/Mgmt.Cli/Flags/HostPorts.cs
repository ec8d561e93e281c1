using System.Globalization;
using System.Net;
using Mgmt.Mesh.Consensus;

namespace Mgmt.Cli.Flags;

/// <summary>Reads places on the network, <c>HOST:PORT</c>; addresses of IPv6 stand in brackets.</summary>
internal static class HostPorts
{
    private const int Most = 1000, LongestName = 253, LargestPort = 65535, UsualPort = 2379;

    /// <summary>One, with its port.</summary>
    public static string? Read(string text, out PeerAddress value) => Read(text, null, out value);

    /// <summary>Several with commas between them; the port is the API's where none is written.</summary>
    public static string? ReadAll(string text, out IReadOnlyList<PeerAddress> values)
    {
        var parts = text.Split(',');
        var places = new List<PeerAddress>();
        values = places;
        if (text.Length == 0) return "it is empty";
        if (parts.Length > Most) return $"it names {parts.Length} places: {Most} are the most";
        foreach (var part in parts)
        {
            if (Read(part.Trim(), UsualPort, out var place) is { } why) return parts.Length == 1 ? why : $"of \"{part}\", {why}";
            if (places.Contains(place)) return $"it names {place} twice";
            places.Add(place);
        }

        return null;
    }

    /// <summary>A host alone: a name or an address, with brackets or without.</summary>
    public static string? ReadHost(string text, out string value)
    {
        value = text.StartsWith('[') && text.EndsWith(']') ? text[1..^1] : text;
        if (text.Length == 0) return "it is empty";
        return IsHost(value) ? null : "it is neither a host's name nor an address; a port does not belong to it";
    }

    private static string? Read(string text, int? usualPort, out PeerAddress value)
    {
        value = default;
        if (text.Length == 0) return "it is empty";
        if (text.Contains("://", StringComparison.Ordinal)) return "it is a URL; write HOST:PORT";
        var (host, port) = Split(text);
        if (port is null && !text.StartsWith('[') && IPAddress.TryParse(text, out _) && text.Contains(':', StringComparison.Ordinal)) return $"an address of IPv6 stands in brackets: [{text}]";
        if (!IsHost(host) || (text[0] == '[') != host.Contains(':', StringComparison.Ordinal)) return $"\"{host}\" is neither a host's name nor an address";
        if (port is null && usualPort is null) return $"it has no port; write {text}:{UsualPort}";
        var number = usualPort ?? 0;
        if (port is not null && !(int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number is > 0 and <= LargestPort)) return $"\"{port}\" is not a port from 1 to {LargestPort}";
        value = new(host.ToLowerInvariant(), number);
        return null;
    }

    private static (string Host, string? Port) Split(string text)
    {
        var close = text[0] == '[' ? text.IndexOf(']', StringComparison.Ordinal) : -1;
        if (close > 0 && (close == text.Length - 1 || text[close + 1] == ':')) return (text[1..close], close == text.Length - 1 ? null : text[(close + 2)..]);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 || colon != text.LastIndexOf(':') ? (text, null) : (text[..colon], text[(colon + 1)..]);
    }

    private static bool IsHost(string host)
    {
        if (host.Contains(':', StringComparison.Ordinal)) return IPAddress.TryParse(host, out _);
        if (host.Length is 0 or > LongestName || !host.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')) return false;

        // What consists of numbers is meant as an address.
        return !host.All(static c => char.IsAsciiDigit(c) || c == '.') || (host.Count(static c => c == '.') == 3 && IPAddress.TryParse(host, out _));
    }
}
