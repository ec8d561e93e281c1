using Mgmt.Agent;
using Mgmt.Cli.Flags;
using Mgmt.Cli.Help;

namespace Mgmt.Cli.Commands;

/// <summary><c>mgmt man</c>: the man page, for who installs the program.</summary>
internal sealed class ManCommand(Surroundings surroundings, Func<CommandTree> tree) : ICommand
{
    public string Name => "man";

    public string Summary => "print the man page, as man reads it";

    public bool IsHidden => true;

    public IReadOnlyList<Flag> Flags => [];

    public IReadOnlyList<Example> Examples { get; } = [new("mgmt man >/usr/local/share/man/man1/mgmt.1", "install the man page")];

    public Func<Task<int>> Read(Given given) => () =>
    {
        surroundings.Say(ManPage.Of(tree(), AgentRun.Version));
        return Task.FromResult(ExitCode.InOrder);
    };
}
