namespace Mgmt.Mesh.Place;

/// <summary>Where a member keeps its store, below the agent's prefix.</summary>
/// <param name="Prefix">The agent's state directory.</param>
public sealed record StorePlace(string Prefix)
{
    /// <summary>The state directory of the agent that manages the host.</summary>
    public const string UsualPrefix = "/var/lib/mgmt";

    // Where services have their sockets: gone with the next boot, and on no disk.
    private const string UsualRunFolder = "/run/mgmt";

    /// <summary>The directory of everything below.</summary>
    public string Folder => Path.Combine(Prefix, "store");

    /// <summary>Who this member is, and with whom it founded: <see cref="StoreIdentity"/>.</summary>
    public string Identity => Path.Combine(Folder, "identity.json");

    /// <summary>The applied state: a LiteDB database.</summary>
    public string Home => Path.Combine(Folder, "home.db");

    /// <summary>LiteDB's own log beside it.</summary>
    public string HomeLog => Path.Combine(Folder, "home-log.db");

    /// <summary>Raft's log, its term and its vote.</summary>
    public string Log => Path.Combine(Folder, "raft");

    /// <summary>The index up to which the log may have been dropped, as <see cref="LogFloor"/> writes it.</summary>
    public string Floor => Path.Combine(Folder, "floor");

    /// <summary>Held by the process that has the store open.</summary>
    public string Lock => Path.Combine(Folder, "lock");

    /// <summary>The unix socket of the API.</summary>
    public string Socket => Path.Combine(RunFolder, "agent.sock");

    /// <summary>The directory of the socket: of the host's own agent /run/mgmt, of any other its prefix.</summary>
    public string RunFolder => Prefix.TrimEnd('/') == UsualPrefix ? UsualRunFolder : Prefix;

    /// <summary>The place whose agent has its socket there.</summary>
    /// <param name="socket">The path of a socket.</param>
    public static StorePlace OfSocket(string socket)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(socket)) ?? "/";
        return new(folder == UsualRunFolder ? UsualPrefix : folder);
    }
}
