namespace Mgmt.Robustness.Voters;

/// <summary>etcd with what it is shipped with, but for snapshots, which come often enough to take part in a storm.</summary>
internal sealed class EtcdSubject : Subject
{
    private const string Program = "/usr/bin/etcd";

    public override string Name => "etcd";

    public override string Obstacle => File.Exists(Program) ? "" : $"{Program} is not there: install Debian's etcd-server";

    public override IReadOnlyList<string> Command(Voter voter, IReadOnlyList<Voter> all, bool joins) =>
    [
        Program, "--name", voter.Name, "--data-dir", voter.Data,
        "--listen-client-urls", voter.ClientUrl, "--advertise-client-urls", voter.ClientUrl,
        "--listen-peer-urls", voter.PeerUrl, "--initial-advertise-peer-urls", voter.PeerUrl,
        "--initial-cluster", string.Join(',', all.Select(static one => $"{one.Name}={one.PeerUrl}")),
        "--initial-cluster-state", joins ? "existing" : "new", "--snapshot-count", "1000", "--log-level", "warn",
    ];
}
