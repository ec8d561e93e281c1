namespace Mgmt.Mesh.Api.Calls;

/// <summary>What a caller may do; each role may do what those before it may.</summary>
public enum Role
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Work with keys and leases: a member's agent.</summary>
    Agent,

    /// <summary>Look after the store's data: a member that votes.</summary>
    Voter,

    /// <summary>Everything: who runs the cluster.</summary>
    Operator,
}

/// <summary>Who is at the other end of a connection. A feature of each connection.</summary>
/// <param name="Role">What it may do.</param>
/// <param name="Host">The host that its certificate names; empty for one that has none, on a socket where all is allowed.</param>
/// <param name="IsRevoked">Whether its certificate is revoked: then it has no role.</param>
internal sealed record Caller(Role Role, string Host = "", bool IsRevoked = false);
