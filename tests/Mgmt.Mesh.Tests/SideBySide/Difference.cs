namespace Mgmt.Mesh.Tests.SideBySide;

/// <summary>A thing that etcd 3.4 and we say differently, on purpose.</summary>
/// <param name="Command">What is asked.</param>
/// <param name="Etcd">What etcd's answer contains.</param>
/// <param name="Ours">What ours contains.</param>
/// <param name="Why">Why it is so.</param>
internal sealed record Difference(Ctl Command, string Etcd, string Ours, string Why)
{
    /// <summary>
    /// All that etcdctl can see. What it cannot: an event stream tells its progress when all is told and not before (etcd 3.4 answers at once, its bug 15220);
    /// a watcher that takes nothing is cut off with the revision to resume from (etcd keeps what it missed for it on the disk); a transaction that deletes a key
    /// and then writes it with "ignore value" is refused (etcd's process ends); sort orders and compares of unknown numbers are refused; ids, hashes and sizes
    /// are other numbers, and a snapshot has our format.
    /// </summary>
    public static IReadOnlyList<Difference> All { get; } =
    [
        new("user list", "exit 0", "code = Unimplemented", "Who may do what comes from certificates; there are no users."),
        new("role list", "exit 0", "code = Unimplemented", "The same."),
        new("auth enable", "root user does not exist", "code = Unimplemented", "The same."),
        new("member add other --learner --peer-urls http://127.0.0.1:1", "added to cluster", "cannot add a member that only learns", "A member is brought up to date before it votes, and then it does."),
    ];
}
