using Mgmt.Agent;
using Mgmt.Cli.Flags;

namespace Mgmt.Cli.Commands;

/// <summary><c>mgmt kinds</c>: what can stand in a graph.</summary>
internal sealed class KindsCommand(Surroundings surroundings, Rooms rooms) : ICommand
{
    public string Name => "kinds";

    public string Summary => "describe the kinds of resources and their fields";

    public IReadOnlyList<Flag> Flags => [];

    public IReadOnlyList<Example> Examples { get; } = [new("mgmt kinds | less", "read what can stand in a graph")];

    public Func<Task<int>> Read(Given given) => () =>
    {
        surroundings.Say(rooms.DescribeKinds());
        return Task.FromResult(ExitCode.InOrder);
    };
}
