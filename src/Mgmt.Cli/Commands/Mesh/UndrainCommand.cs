using Mgmt.Agent;
using Mgmt.Cli.Flags;
using Mgmt.Mesh.Masters;

namespace Mgmt.Cli.Commands.Mesh;

/// <summary><c>mgmt mesh undrain</c>.</summary>
internal sealed class UndrainCommand(Surroundings surroundings) : ICommand
{
    private readonly MeshFrame _mesh = new(surroundings);

    public string Name => "mesh undrain";

    public string Summary => "let a drained host vote again, when the mesh wants it to";

    public IReadOnlyList<Operand> Operands => [_mesh.Host];

    public IReadOnlyList<Flag> Flags => _mesh.Flags;

    public IReadOnlyList<Example> Examples { get; } = [new("mgmt mesh undrain db1", "db1 is back")];

    public string Notes => "Exit codes: 0 it is not drained, 1 refused, 64 wrong flags, 69 no store.\n";

    public Func<Task<int>> Read(Given given)
    {
        var request = _mesh.Read(given, _mesh.Host);
        return () => _mesh.RunAsync(request, session => UndrainAsync(session, request.Host));
    }

    private static async Task<int> UndrainAsync(MeshSession session, string name)
    {
        var action = $"undrain \"{name}\"";
        var (facts, exitCode) = await session.ReadAsync(action);
        if (facts is null) return exitCode;
        if (!session.TryFind(facts, action, out var host)) return ExitCode.CannotRun;
        exitCode = await session.ChangeAsync(MeshKeys.Change([], [MastersKeys.Of(MastersKeys.Drained, host.Member)]), action);
        if (exitCode != ExitCode.InOrder) return exitCode;
        return session.Tell(facts.Drained.Contains(host.Member) ? $"{name} is not drained any more" : $"{name} was not drained", json =>
        {
            json.WriteString("host", name);
            json.WriteBoolean("drained", false);
        });
    }
}
