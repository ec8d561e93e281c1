using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Trust;
using Mgmt.Store;

namespace Mgmt.Agent;

/// <summary>What `mgmt run` was asked for about the store and the mesh.</summary>
public sealed record StoreOptions
{
    /// <summary>Keep a store even when nothing else asks for one: on its unix socket.</summary>
    public bool Keep { get; init; }

    /// <summary>Where the API listens on TCP; null is nowhere, or the usual port in a mesh.</summary>
    public PeerAddress? Listen { get; init; }

    /// <summary>Where Raft listens; null is the usual port in a mesh.</summary>
    public PeerAddress? RaftListen { get; init; }

    /// <summary>The name or address by which peers reach this host; null is to be found out.</summary>
    public string? Advertise { get; init; }

    /// <summary>No TLS. Only given when all addresses are of loopback.</summary>
    public bool Insecure { get; init; }

    /// <summary>The agents that make up the mesh, this one among them or not; none is a single host.</summary>
    public IReadOnlyList<PeerAddress> Peers { get; init; } = [];

    /// <summary>What lets this host into the mesh when it has no certificate yet; null is none.</summary>
    public JoinToken? Token { get; init; }

    /// <summary>The failure domain that this host is in; empty when nobody said.</summary>
    public string Zone { get; init; } = "";

    /// <summary>Whether this host may be made to vote.</summary>
    public bool Volunteers { get; init; } = true;

    /// <summary>The most bytes that the store may have; over them it takes only deletions and reads.</summary>
    public long Quota { get; init; } = Limits.Quota;

    /// <summary>How long what this host exports stays in the mesh after its agent was last heard of; whole seconds.</summary>
    public TimeSpan ExportGrace { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Whether this host keeps a store at all.</summary>
    public bool IsWanted => Keep || Listen is not null || RaftListen is not null || Peers.Count > 0;
}
