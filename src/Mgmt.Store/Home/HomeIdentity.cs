namespace Mgmt.Store.Home;

/// <summary>Whose home it is.</summary>
/// <param name="Cluster">The cluster's id.</param>
/// <param name="Member">The member's id.</param>
public readonly record struct HomeIdentity(ulong Cluster, ulong Member)
{
    /// <inheritdoc/>
    public override string ToString() => $"cluster {Cluster:x} member {Member:x}";
}
