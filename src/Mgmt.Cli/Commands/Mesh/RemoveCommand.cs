using Mgmt.Agent;
using Mgmt.Agent.Exchange;
using Mgmt.Cli.Flags;
using Mgmt.Mesh.Client;
using Mgmt.Mesh.Masters;

namespace Mgmt.Cli.Commands.Mesh;

/// <summary><c>mgmt mesh remove</c>.</summary>
internal sealed class RemoveCommand(Surroundings surroundings) : ICommand
{
    private readonly MeshFrame _mesh = new(surroundings);
    private readonly Flag<bool> _force = CommonFlags.Mark("--force", "also while its agent runs");

    public string Name => "mesh remove";

    public string Summary => "take a host that is gone out of the mesh, with its vote and all that it exports";

    public IReadOnlyList<Operand> Operands => [_mesh.Host];

    public IReadOnlyList<Flag> Flags => [_force, .. _mesh.WaitingFlags];

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("mgmt mesh remove db1", "db1 will not come back: other hosts drop what they collected of it from their graphs"),
        new("mgmt mesh remove db1 --force", "its agent runs somewhere, and is not to vote or export any more"),
    ];

    public string Notes =>
        """
        A voter that runs is drained first. Should the host come back, it is an agent again, does not vote until mgmt mesh
          undrain, and exports again: mgmt mesh revoke shuts a host out.
        Exit codes: 0 removed, 1 refused, 64 wrong flags, 69 no store, or waited too long.

        """;

    public Func<Task<int>> Read(Given given)
    {
        var request = _mesh.Read(given, _mesh.Host);
        var force = given.Get(_force, false);
        return () => _mesh.RunAsync(request, session => RemoveAsync(session, request.Host, force));
    }

    private static async Task<int> RemoveAsync(MeshSession session, string name, bool force)
    {
        var action = $"remove \"{name}\"";
        var (facts, exitCode) = await session.ReadAsync(action);
        if (facts is null) return exitCode;
        var hosts = MeshHost.AllOf(facts).Where(one => one.Host == name).ToList();

        // An agent without a vote that is gone for a while is known by what it exported alone.
        if (hosts.Count == 0 && !facts.Exports.ContainsKey(name) && !session.TryFind(facts, action, out _)) return ExitCode.CannotRun;
        if (hosts.Any(static one => one.Card is not null) && !force) return session.Refuse($"cannot {action}: its agent runs, or ended a few seconds ago; stop it and wait for its card to go (mgmt mesh members), or say --force");
        foreach (var host in hosts)
        {
            exitCode = await TakeOutAsync(session, facts, host, action);
            if (exitCode != ExitCode.InOrder) return exitCode;
        }

        exitCode = await session.ChangeAsync(
            MeshKeys.Change(
                hosts.Select(static one => (MastersKeys.Of(MastersKeys.Drained, one.Member), "")),
                [.. hosts.Select(static one => MastersKeys.Of(MastersKeys.Wishes, one.Member)), MastersKeys.Agents + name, MastersKeys.Converged + name, SheetKey.Of(name)]),
            action);
        if (exitCode != ExitCode.InOrder) return exitCode;
        return session.Tell($"{name} is removed", json =>
        {
            json.WriteString("host", name);
            json.WriteBoolean("removed", true);
        });
    }

    // One that runs gives its vote to another first; one that is gone only makes the majority harder to reach.
    private static async Task<int> TakeOutAsync(MeshSession session, MeshFacts facts, MeshHost host, string action)
    {
        if (facts.Members.All(one => one.ID != host.Member)) return ExitCode.InOrder;
        if (host.Card is not null && facts.Votes(host.Member))
        {
            if (!facts.Cards.Values.Any(one => one.MemberId != host.Member && facts.CanVote(one))) return session.Refuse($"cannot {action}: no other host can vote in its place; start one more first");
            var exitCode = await session.ChangeAsync(MeshKeys.Change([(MastersKeys.Of(MastersKeys.Drained, host.Member), "")], []), action);
            if (exitCode == ExitCode.InOrder) exitCode = await session.WaitAsync(one => one.Votes(host.Member) ? $"{host.Host} votes until another takes its place" : "", $"{host.Host} stays drained, and is not removed");
            if (exitCode != ExitCode.InOrder) return exitCode;
        }

        var answer = await session.Client.RemoveMemberAsync(host.Member, CancellationToken.None);
        var isGone = answer.IsThere || (answer.Failure.Kind == FailureKind.Refused && answer.Failure.Reason.Contains("member not found", StringComparison.Ordinal));
        return isGone ? ExitCode.InOrder : session.Fail(answer.Failure!, action);
    }
}
