using System.Globalization;
using System.Net;

namespace Mgmt.Mesh.Client;

/// <summary>A place on the network: a host's name or address, and a port.</summary>
/// <param name="Host">A name, or an address without brackets.</param>
/// <param name="Port">1 to 65535; 0 where the kernel is to choose.</param>
public sealed record HostPort(string Host, int Port)
{
    /// <summary>The port of the store's API where none is written.</summary>
    public const int ApiPort = 2379;

    private const int LongestName = 253, LargestPort = 65535;

    /// <summary>Whether only this host can reach it. A name is trusted to be what it says only when it is localhost.</summary>
    public bool IsLoopback => IPAddress.TryParse(Host, out var address) ? IPAddress.IsLoopback(address) : Host.Equals("localhost", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads <c>HOST:PORT</c>; addresses of IPv6 stand in brackets.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="defaultPort">The port where none is written; null when one has to be.</param>
    /// <param name="value">What was read.</param>
    /// <returns>Null, or what is wrong as the end of a sentence: <c>it has no port; …</c>.</returns>
    public static string? Read(string text, int? defaultPort, out HostPort value)
    {
        value = new("", 0);
        if (text.Length == 0) return "it is empty";
        if (text.Contains("://", StringComparison.Ordinal)) return "it is a URL; write HOST:PORT";
        if (Split(text, out var host, out var port) is { } problem) return problem;
        if (port.Length == 0 && defaultPort is null) return $"it has no port; write {Write(host)}:{ApiPort}";
        var number = defaultPort ?? 0;
        if (port.Length > 0 && !(int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number is > 0 and <= LargestPort)) return $"\"{port}\" is not a port from 1 to {LargestPort}";
        if (!IsHost(host)) return $"\"{host}\" is neither a host's name nor an address";
        value = new(host, number);
        return null;
    }

    /// <summary>As it is read: <c>[::1]:2379</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Write(Host)}:{Port}");

    private static string Write(string host) => host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;

    private static string? Split(string text, out string host, out string port)
    {
        (host, port) = (text, "");
        if (text[0] == '[')
        {
            var close = text.IndexOf(']', StringComparison.Ordinal);
            if (close < 0) return "the bracket is not closed";
            (host, port) = (text[1..close], text[(close + 1)..]);
            if (!IPAddress.TryParse(host, out _) || !host.Contains(':', StringComparison.Ordinal)) return $"\"{host}\" is not an address of IPv6";
            return port.Length == 0 || port[0] == ':' ? Unprefix(ref port) : "behind the bracket only a colon and a port can stand";
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) return null;
        if (text.IndexOf(':', colon + 1) >= 0) return $"an address of IPv6 stands in brackets: [{text}]";
        (host, port) = (text[..colon], text[colon..]);
        return host.Length == 0 ? "it has no host" : Unprefix(ref port);
    }

    private static string? Unprefix(ref string port)
    {
        if (port.Length == 0) return null;
        port = port[1..];
        return port.Length == 0 ? "behind the colon a port is missing" : null;
    }

    private static bool IsHost(string host)
    {
        if (host.Contains(':', StringComparison.Ordinal)) return IPAddress.TryParse(host, out _);
        if (host.Length is 0 or > LongestName || !host.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')) return false;

        // What consists of numbers is meant as an address.
        return !host.All(static c => char.IsAsciiDigit(c) || c == '.') || (host.Count(static c => c == '.') == 3 && IPAddress.TryParse(host, out _));
    }
}
