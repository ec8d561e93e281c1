namespace Mgmt.Robustness.Voters;

/// <summary>What runs as voters: a real etcd, which is the judge of these tests, or mgmt. Everything else about a storm is the same for both.</summary>
internal abstract class Subject
{
    /// <summary>Debian's etcd.</summary>
    public static Subject Etcd { get; } = new EtcdSubject();

    /// <summary>This program.</summary>
    public static Subject Mgmt { get; } = new MgmtSubject();

    /// <summary>Its name in the tests.</summary>
    public abstract string Name { get; }

    /// <summary>Empty when it can run here, or why it cannot.</summary>
    public abstract string Obstacle { get; }

    public static Subject Of(string name) => name == Etcd.Name ? Etcd : Mgmt;

    /// <summary>The words of a voter's command.</summary>
    /// <param name="voter">Which.</param>
    /// <param name="all">All that vote, itself among them.</param>
    /// <param name="joins">Whether the cluster is there already, and this one comes with an empty directory.</param>
    public abstract IReadOnlyList<string> Command(Voter voter, IReadOnlyList<Voter> all, bool joins);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
