using Mgmt.Mesh.Place;

namespace Mgmt.Cli.Commands;

/// <summary>Where the agent keeps its state unless it is told otherwise.</summary>
internal static class StateDirectory
{
    // What systemd made for the service: several are separated by colons.
    private const string OfService = "STATE_DIRECTORY";

    /// <summary>The directory; null where nothing says where this user may keep things.</summary>
    public static string? Usual(Surroundings surroundings)
    {
        if (surroundings.Environment(OfService)?.Split(':')[0] is { } made && Path.IsPathRooted(made)) return made;
        if (surroundings.IsRoot) return StorePlace.UsualPrefix;
        if (surroundings.Environment("XDG_STATE_HOME") is { } state && Path.IsPathRooted(state)) return Path.Combine(state, "mgmt");
        return surroundings.Environment("HOME") is { Length: > 0 } home ? Path.Combine(home, ".local/state/mgmt") : null;
    }
}
