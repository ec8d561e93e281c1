using Mgmt.Agent;
using Mgmt.Cli.Flags;

namespace Mgmt.Cli.Commands.Mesh;

/// <summary><c>mgmt mesh transfer</c>.</summary>
internal sealed class TransferCommand(Surroundings surroundings) : ICommand
{
    private readonly MeshFrame _mesh = new(surroundings);

    public string Name => "mesh transfer";

    public string Summary => "move the leadership to another voter";

    public IReadOnlyList<Operand> Operands => [_mesh.Host];

    public IReadOnlyList<Flag> Flags => _mesh.WaitingFlags;

    public IReadOnlyList<Example> Examples { get; } = [new("mgmt mesh transfer db2", "db2 leads from now on")];

    public string Notes =>
        """
        Only the leader can do it, so on another host it is asked at its own address, as an operator: with the certificate
          that --cert names, or else tls/operator.pem in the agent's state directory. Writes wait for about a second.
        Exit codes: 0 it leads, 1 refused, 64 wrong flags, 69 no store, or the leader was not reached.

        """;

    public Func<Task<int>> Read(Given given)
    {
        var request = _mesh.Read(given, _mesh.Host);
        return () => _mesh.RunAsync(request, session => TransferAsync(session, request.Host));
    }

    private static async Task<int> TransferAsync(MeshSession session, string name)
    {
        var action = $"transfer the leadership to \"{name}\"";
        var (facts, exitCode) = await session.ReadAsync(action);
        if (facts is null) return exitCode;
        if (!session.TryFind(facts, action, out var host)) return ExitCode.CannotRun;
        if (!facts.Votes(host.Member)) return session.Refuse($"cannot {action}: it does not vote; have it vote first with mgmt mesh promote {name} --wait");
        if (host.Role == "down") return session.Refuse($"cannot {action}: its agent is gone; name one that runs (mgmt mesh members)");
        if (facts.Leader == host.Member) return Tell(session, $"{name} leads already", name);
        exitCode = await MoveAsync(session, facts, host.Member, action);
        if (exitCode == ExitCode.InOrder) exitCode = await session.WaitAsync(one => one.Leader == host.Member ? "" : $"{(one.Leader == 0 ? "nobody" : one.NameOf(one.Leader))} leads", $"see mgmt mesh members who leads, and try again");
        return exitCode == ExitCode.InOrder ? Tell(session, $"{name} leads", name) : exitCode;
    }

    private static async Task<int> MoveAsync(MeshSession session, MeshFacts facts, ulong target, string action)
    {
        if (facts.Statuses.TryGetValue(facts.Leader, out _)) return await AskAsync(session, session.Client, target, action, facts);
        if (facts.Members.FirstOrDefault(one => one.ID == facts.Leader) is not { } leader) return session.Refuse($"cannot {action}: nobody leads now; try again when somebody does (mgmt mesh members)");
        using var line = session.Lines.Open(leader);
        return line is null
            ? session.Refuse($"cannot {action}: {leader.Name} leads, and this user has no certificate to ask it with; run it on {leader.Name}, or name an operator's with --endpoints, --cacert, --cert and --key")
            : await AskAsync(session, line, target, action, facts);
    }

    private static async Task<int> AskAsync(MeshSession session, Mgmt.Mesh.Client.StoreClient line, ulong target, string action, MeshFacts facts)
    {
        var answer = await line.MoveLeaderAsync(target, CancellationToken.None);
        if (answer.IsThere) return ExitCode.InOrder;
        return answer.Failure.Reason.Contains("permission denied", StringComparison.Ordinal)
            ? session.Refuse($"cannot {action}: {facts.NameOf(facts.Leader)} leads, and takes that from operators only; run it on {facts.NameOf(facts.Leader)}, or name an operator's certificate with --endpoints, --cacert, --cert and --key")
            : session.Fail(answer.Failure, action);
    }

    private static int Tell(MeshSession session, string line, string name) => session.Tell(line, json => json.WriteString("leader", name));
}
