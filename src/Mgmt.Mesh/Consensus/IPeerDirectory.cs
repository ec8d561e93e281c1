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
    /// <inheritdoc/>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
