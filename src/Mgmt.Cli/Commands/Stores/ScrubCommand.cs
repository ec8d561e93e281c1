using Mgmt.Agent;
using Mgmt.Agent.Snapshots;
using Mgmt.Cli.Flags;

namespace Mgmt.Cli.Commands.Stores;

/// <summary><c>mgmt store scrub</c>.</summary>
internal sealed class ScrubCommand(Surroundings surroundings) : ICommand
{
    private readonly PrefixFlag _prefix = new("where the agent keeps its state");
    private readonly Flag<bool> _rewrite = CommonFlags.Mark("--rewrite", "have a running agent write a damaged store anew, from its memory");

    public string Name => "store scrub";

    public string Summary => "read every record of this host's store, and hold it against its checksum";

    public IReadOnlyList<Flag> Flags => [_prefix.Flag, _rewrite];

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("mgmt store scrub --prefix /var/lib/mgmt", "tell each record that is damaged, and repair nothing"),
        new("mgmt store scrub --rewrite", "from time to time, beside the running agent"),
    ];

    public string Notes =>
        """
        A running agent reads its own files, and goes on serving; where none runs, the files are read here.
        Exit codes: 0 all is whole, or was written anew, 1 something is damaged, or it cannot be read now, 64 wrong flags.

        """;

    public Func<Task<int>> Read(Given given)
    {
        var prefix = _prefix.Read(given, surroundings);
        var rewrite = given.Get(_rewrite, false);
        return () => ScrubAsync(prefix, rewrite);
    }

    private async Task<int> ScrubAsync(string prefix, bool rewrite)
    {
        var report = await StoreScrubbing.ScrubAsync(prefix, rewrite, surroundings.Time);
        foreach (var problem in report.Problems) surroundings.Complain(problem + "\n");
        if (report.Summary.Length > 0) surroundings.Say(report.Summary + "\n");
        return report.Problems.Count == 0 ? ExitCode.InOrder : ExitCode.CannotRun;
    }
}
