using Mgmt.Cli.Flags;
using Mgmt.Mesh.Trust;

namespace Mgmt.Cli.Commands.Mesh;

/// <summary>Reads founders: <c>NAME[=HOST],…</c>, by name alone where that is how they are reached.</summary>
internal static class FounderList
{
    // More voters than these nobody founds a mesh with.
    private const int Most = 15;

    public static string? Read(string text, out IReadOnlyList<Founder> value)
    {
        var founders = new List<Founder>();
        value = founders;
        var parts = text.Split(',');
        if (parts.Length > Most) return $"it names {parts.Length} hosts: {Most} are the most";
        foreach (var part in parts)
        {
            var (name, host) = part.Split('=', 2) is [var left, var right] ? (left, right) : (part, part);
            if (Parse.Hostname(name, out _) is { } wrongName) return $"of \"{part}\", {wrongName}";
            if (HostPorts.ReadHost(host, out var place) is { } wrongHost) return $"of \"{part}\", {wrongHost}";
            founders.Add(new(name, HostNames.Of(place)));
        }

        return null;
    }
}
