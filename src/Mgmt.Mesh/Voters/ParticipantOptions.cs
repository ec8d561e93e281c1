using Mgmt.Mesh.Api;
using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Node;
using Mgmt.Mesh.Trust;

namespace Mgmt.Mesh.Voters;

/// <summary>What an agent's part in its mesh is started with.</summary>
public sealed record ParticipantOptions
{
    /// <summary>The agent's state directory; the store is below it, and the API's unix socket in it.</summary>
    public required string Prefix { get; init; }

    /// <summary>This host's name.</summary>
    public required string Name { get; init; }

    /// <summary>Where the API listens on TCP; null is on the unix socket alone.</summary>
    public PeerAddress? Listen { get; init; }

    /// <summary>Where Raft listens; null when there are no peers, and nobody need reach it.</summary>
    public PeerAddress? RaftListen { get; init; }

    /// <summary>The host or address by which others reach this host; null is where it listens, or its name.</summary>
    public string? Advertise { get; init; }

    /// <summary>The agents that found the mesh or know it; none is a store of its own.</summary>
    public IReadOnlyList<PeerAddress> Peers { get; init; } = [];

    /// <summary>No TLS: loopback only.</summary>
    public bool IsInsecure { get; init; }

    /// <summary>The failure domain that this host is in; empty when nobody said.</summary>
    public string Zone { get; init; } = "";

    /// <summary>Whether this agent may be made to vote.</summary>
    public bool Volunteers { get; init; } = true;

    /// <summary>The program's version.</summary>
    public string Version { get; init; } = "";

    /// <summary>How long certificates live that are signed here.</summary>
    public TrustOptions Trust { get; init; } = new();

    /// <summary>Speaks for the agent beside the store; null when there is none.</summary>
    public IHostTalk? Host { get; init; }

    /// <summary>The bounds of the store.</summary>
    public NodeOptions Node { get; init; } = new();
}
