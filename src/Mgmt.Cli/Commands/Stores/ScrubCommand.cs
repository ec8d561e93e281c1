using Mgmt.Agent;
using Mgmt.Agent.Snapshots;
using Mgmt.Cli.Flags;

namespace Mgmt.Cli.Commands.Stores;

/// <summary><c>mgmt store scrub</c>.</summary>
internal sealed class ScrubCommand(Surroundings surroundings) : ICommand
{
    private readonly PrefixFlag _prefix = new("where the agent keeps its state; the agent must not run");

    public string Name => "store scrub";

    public string Summary => "read every record of this host's store, and hold it against its checksum";

    public IReadOnlyList<Flag> Flags => [_prefix.Flag];

    public IReadOnlyList<Example> Examples { get; } = [new("mgmt store scrub --prefix /var/lib/mgmt", "tell each record that is damaged, and repair nothing")];

    public string Notes => "Exit codes: 0 all is whole, 1 something is damaged, or it cannot be read now, 64 wrong flags.\n";

    public Func<Task<int>> Read(Given given)
    {
        var prefix = _prefix.Read(given, surroundings);
        return () => Task.FromResult(Scrub(prefix));
    }

    private int Scrub(string prefix)
    {
        var report = StoreScrubbing.Scrub(prefix);
        foreach (var problem in report.Problems) surroundings.Complain(problem + "\n");
        if (report.Summary.Length > 0) surroundings.Say(report.Summary + "\n");
        return report.Problems.Count == 0 ? ExitCode.InOrder : ExitCode.CannotRun;
    }
}
