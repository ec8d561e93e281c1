using System.Globalization;

namespace Mgmt.Mesh.Consensus;

/// <summary>Where the members' Raft ports are. A member is known by its id; its address may change.</summary>
public interface IPeerDirectory
{
    /// <summary>Finds a member's address. Asked for each new connection, by any thread.</summary>
    bool TryFind(ulong member, out PeerAddress address);
}

/// <summary>A TCP address: a name or an IP address, and a port.</summary>
public readonly record struct PeerAddress(string Host, int Port)
{
    private const int LongestName = 253;

    /// <summary>Reads "host", "host:port", "[v6]" or "[v6]:port"; a bare IPv6 address is one as well.</summary>
    /// <param name="text">What to read.</param>
    /// <param name="port">The port when none is said.</param>
    /// <param name="address">The address, in lower case.</param>
    public static bool TryParse(string text, int port, out PeerAddress address)
    {
        address = default;
        var (host, rest) = Part(text.Trim());
        if (rest.Length > 0 && (rest[0] != ':' || !int.TryParse(rest.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > 65535)) return false;
        if (host.Length is 0 or > LongestName || Uri.CheckHostName(host) is UriHostNameType.Unknown or UriHostNameType.Basic) return false;
        address = new(host.ToLowerInvariant(), port);
        return true;
    }

    private static (string Host, string Port) Part(string text)
    {
        if (text.StartsWith('[') && text.IndexOf(']', StringComparison.Ordinal) is > 0 and var end) return (text[1..end], text[(end + 1)..]);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 || colon != text.LastIndexOf(':') ? (text, "") : (text[..colon], text[colon..]);
    }

    /// <inheritdoc/>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
