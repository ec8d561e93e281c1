using Mgmt.Agent;
using Mgmt.Agent.Snapshots;
using Mgmt.Cli.Flags;

namespace Mgmt.Cli.Commands.Mesh;

/// <summary><c>mgmt mesh recover</c>.</summary>
internal sealed class RecoverCommand(Surroundings surroundings) : ICommand
{
    private const string Meaning =
        """
        It begins a new cluster with what this host knows, as its only voter. What only the lost voters had acknowledged is gone for good.
        The other hosts of the old cluster cannot come back to it: stop them, move their PREFIX/store away, and let them join this one.
        Do it on one host alone, and only when a majority of the voters will never come back: two recoveries are two meshes.
        """;

    private readonly PrefixFlag _prefix = new("where the agent keeps its state; no agent runs on it");
    private readonly Flag<bool> _yes = CommonFlags.Switch("--yes", "do it, with all that it means");

    public string Name => "mesh recover";

    public string Summary => "begin the mesh anew from this host, when a majority of the voters is lost for good";

    public IReadOnlyList<Flag> Flags => [_prefix.Flag, _yes];

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("mgmt mesh recover --yes", "then mgmt run --peers THIS-HOST, and the others with empty stores join it"),
    ];

    public string Notes => $"{string.Join('\n', Meaning.Split('\n').Select(static (line, i) => i == 0 ? line : "  " + line))}\nExit codes: 0 recovered, 1 not, and nothing was changed, 64 wrong flags.\n";

    public Func<Task<int>> Read(Given given)
    {
        var prefix = _prefix.Read(given, surroundings);
        var isSure = given.Get(_yes, false);
        return () => RecoverAsync(prefix, isSure);
    }

    private async Task<int> RecoverAsync(string prefix, bool isSure)
    {
        if (!isSure)
        {
            surroundings.Complain($"cannot recover the mesh without {_yes.Name}:\n{Meaning}\n");
            return ExitCode.CannotRun;
        }

        var (recovery, problem) = await MeshRecovery.RecoverAsync(Path.GetFullPath(prefix), CancellationToken.None);
        if (recovery is null)
        {
            surroundings.Complain(problem + "\n");
            return ExitCode.CannotRun;
        }

        surroundings.Say($"recovered {recovery.Keys} keys at revision {recovery.Revision}: cluster {recovery.Store.Cluster}, member {recovery.Store.Member}; the former store is in {recovery.Former}\n{Meaning}\n");
        return ExitCode.InOrder;
    }
}
