namespace Mgmt.Linux.Bus;

/// <summary>A call over a bus failed, or the bus cannot be reached. The message begins with "cannot" only in the second case: of the first, the caller knows what it wanted.</summary>
public sealed class BusException(string message, string name = "", Exception? inner = null) : Exception(message, inner)
{
    private static readonly string[] Away =
    [
        "org.freedesktop.DBus.Error.NoReply", "org.freedesktop.DBus.Error.NameHasNoOwner", "org.freedesktop.DBus.Error.ServiceUnknown",
        "org.freedesktop.DBus.Error.Disconnected", "org.freedesktop.DBus.Error.TimedOut", "org.freedesktop.DBus.Error.Timeout",
    ];

    /// <summary>The error's name, such as <c>org.freedesktop.DBus.Error.AccessDenied</c>; empty when it is the bus itself that cannot be reached.</summary>
    public string Name => name;

    /// <summary>Whether the bus itself cannot be reached, or the connection was lost while the call was under way.</summary>
    public bool IsUnreachable => name.Length == 0;

    /// <summary>Whether it is the bus or the called service that is not there at the moment, and nothing that the call asked for.</summary>
    public bool IsAway => IsUnreachable || Away.Contains(name) || name.StartsWith("org.freedesktop.DBus.Error.Spawn.", StringComparison.Ordinal);

    /// <summary>Whether the caller lacks the right.</summary>
    public bool IsDenied => name is "org.freedesktop.DBus.Error.AccessDenied" or "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired" or "org.freedesktop.DBus.Error.AuthFailed";
}
