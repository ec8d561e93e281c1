using Mgmt.Agent;
using Mgmt.Agent.Snapshots;
using Mgmt.Cli.Flags;

namespace Mgmt.Cli.Commands.Stores;

/// <summary><c>mgmt store snapshot restore</c>.</summary>
internal sealed class SnapshotRestoreCommand(Surroundings surroundings) : ICommand
{
    private readonly Operand _file = new("FILE", "a file written by mgmt store snapshot save");
    private readonly PrefixFlag _prefix = new("where the agent keeps its state; it may have no store yet");
    private readonly Flag<string> _hostname = new("--hostname", "NAME", "the name of this host; by default its own", Parse.Hostname);

    public string Name => "store snapshot restore";

    public string Summary => "make a new store from a snapshot, as the first member of a new cluster";

    public IReadOnlyList<Operand> Operands => [_file];

    public IReadOnlyList<Flag> Flags => [_prefix.Flag, _hostname];

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("mgmt store snapshot restore /backup/store.snap --prefix /var/lib/mgmt", "then mgmt run with the same --prefix has the store"),
    ];

    public string Notes =>
        """
        Keys, values, history and leases are those of the snapshot; cluster and member get new ids, so that nothing of the old
          cluster takes this for its own. Other members join the new one with empty stores.
        Exit codes: 0 restored, 1 not, and nothing was changed, 64 wrong flags.

        """;

    public Func<Task<int>> Read(Given given)
    {
        given.TryGet<string>(_file, Parse.Text, out var file);
        var prefix = _prefix.Read(given, surroundings);
        var hostname = given.Get(_hostname, surroundings.MachineName);
        return () => RestoreAsync(Path.GetFullPath(file), prefix, hostname);
    }

    private async Task<int> RestoreAsync(string file, string prefix, string hostname)
    {
        if (SnapshotFile.Read(file, out var damage) is not { } snapshot) return Refuse(damage);
        var (restored, problem) = await SnapshotRestoring.RestoreAsync(snapshot.View, prefix, hostname);
        if (restored is null) return Refuse(problem);
        surroundings.Say($"restored {snapshot.View.Count} keys at revision {snapshot.View.Revision} to {restored.Folder}: cluster {restored.Cluster}, member {restored.Member}\n");
        return ExitCode.InOrder;
    }

    private int Refuse(string problem)
    {
        surroundings.Complain(problem + "\n");
        return ExitCode.CannotRun;
    }
}
