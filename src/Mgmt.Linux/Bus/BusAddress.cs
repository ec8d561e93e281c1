namespace Mgmt.Linux.Bus;

/// <summary>Where a bus is. It is looked up at each connection, as a login may bring the user's bus later.</summary>
/// <param name="Name">Its name for messages: <c>the system bus</c>.</param>
/// <param name="Find">The address, or the reason why there is none, as a clause.</param>
public sealed record BusAddress(string Name, Func<(string Address, string Error)> Find)
{
    /// <summary>The bus of the host.</summary>
    public static BusAddress System { get; } = new("the system bus", FindSystem);

    /// <summary>The bus of the user that this process runs as.</summary>
    public static BusAddress User { get; } = new("the user bus", FindUser);

    /// <summary>A bus at a known address.</summary>
    public static BusAddress At(string address) => new("the bus", () => (address, ""));

    private static (string, string) FindSystem() =>
        (Environment.GetEnvironmentVariable("DBUS_SYSTEM_BUS_ADDRESS") is { Length: > 0 } address ? address : "unix:path=/run/dbus/system_bus_socket", "");

    private static (string, string) FindUser()
    {
        if (Environment.GetEnvironmentVariable("DBUS_SESSION_BUS_ADDRESS") is { Length: > 0 } address) return (address, "");
        if (Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } folder) return ($"unix:path={folder}/bus", "");
        return ("", "neither DBUS_SESSION_BUS_ADDRESS nor XDG_RUNTIME_DIR is set; run mgmt in that user's login session");
    }
}
