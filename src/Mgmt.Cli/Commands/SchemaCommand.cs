using Mgmt.Agent;
using Mgmt.Cli.Flags;

namespace Mgmt.Cli.Commands;

/// <summary><c>mgmt schema</c>: what editors want to know of graph files.</summary>
internal sealed class SchemaCommand(Surroundings surroundings, Rooms rooms) : ICommand
{
    public string Name => "schema";

    public string Summary => "print the JSON Schema of graph files";

    public IReadOnlyList<Flag> Flags => [];

    public IReadOnlyList<Example> Examples { get; } = [new("mgmt schema > mgmt.schema.json", "let an editor complete and check graph files")];

    public Func<Task<int>> Read(Given given) => () =>
    {
        surroundings.Say(rooms.WriteSchema());
        return Task.FromResult(ExitCode.InOrder);
    };
}
