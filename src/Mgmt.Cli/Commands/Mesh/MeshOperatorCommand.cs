using Mgmt.Cli.Flags;
using Mgmt.Mesh.Trust;

namespace Mgmt.Cli.Commands.Mesh;

/// <summary><c>mgmt mesh operator</c>.</summary>
internal sealed class MeshOperatorCommand(Surroundings surroundings) : ICommand
{
    private readonly PrefixFlag _prefix = new("the state directory that has the authority's key");
    private readonly Flag<string> _output = InitView.Output();

    public string Name => "mesh operator";

    public string Summary => "make a new certificate for whoever runs the mesh";

    public IReadOnlyList<Flag> Flags => [_output, _prefix.Flag];

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("mgmt mesh operator", "on the host where mgmt mesh init was run; restart its agent, so that the certificate can be revoked by name"),
    ];

    public string Notes => "Needs no agent. The certificate holds for a year; nothing renews it but this.\nExit codes: 0 made, 1 not made, 64 wrong flags.\n";

    public Func<Task<int>> Read(Given given)
    {
        var (prefix, isJson) = (_prefix.Read(given, surroundings), given.Get(_output, "text") == "json");
        return () => Task.FromResult(InitView.Tell(surroundings, new MeshInit(prefix, new(), surroundings.Time).RenewOperator(), isJson, prefix, [], ""));
    }
}
