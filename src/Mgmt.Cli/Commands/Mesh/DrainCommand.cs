using Mgmt.Agent;
using Mgmt.Cli.Flags;
using Mgmt.Mesh.Masters;

namespace Mgmt.Cli.Commands.Mesh;

/// <summary><c>mgmt mesh drain</c>.</summary>
internal sealed class DrainCommand(Surroundings surroundings) : ICommand
{
    private readonly MeshFrame _mesh = new(surroundings);
    private readonly Flag<bool> _noWait = CommonFlags.Mark("--no-wait", "do not wait until it votes no more");

    public string Name => "mesh drain";

    public string Summary => "have another host take a host's vote, before it is taken down";

    public IReadOnlyList<Operand> Operands => [_mesh.Host];

    public IReadOnlyList<Flag> Flags => [_noWait, .. _mesh.WaitingFlags];

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("mgmt mesh drain db1 && ssh db1 poweroff", "take a host down without a moment of fewer voters than there could be"),
        new("mgmt mesh drain db1 --no-wait", "say it, and do not wait"),
    ];

    public string Notes =>
        """
        A leader hands over first, and a voter stays until its successor is up to date. The host remains an agent of the mesh,
          and does not vote again before mgmt mesh undrain. A wish that it votes (mgmt mesh promote) is taken back.
        Exit codes: 0 it does not vote (with --no-wait: it was said), 1 refused, 64 wrong flags, 69 no store, or too long.

        """;

    public Func<Task<int>> Read(Given given)
    {
        var request = _mesh.Read(given, _mesh.Host);
        var wait = !given.Get(_noWait, false);
        return () => _mesh.RunAsync(request, session => DrainAsync(session, request.Host, wait));
    }

    private static async Task<int> DrainAsync(MeshSession session, string name, bool wait)
    {
        var action = $"drain \"{name}\"";
        var (facts, exitCode) = await session.ReadAsync(action);
        if (facts is null) return exitCode;
        if (!session.TryFind(facts, action, out var host)) return ExitCode.CannotRun;
        if (facts.Votes(host.Member) && !facts.Cards.Values.Any(one => one.MemberId != host.Member && facts.CanVote(one)))
            return session.Refuse($"cannot {action}: no other host can vote in its place; start one more, or undrain one (mgmt mesh members)");
        var puts = new[] { (MastersKeys.Of(MastersKeys.Drained, host.Member), "") };
        string[] deletes = facts.Wishes.GetValueOrDefault(host.Member) == MastersKeys.PromoteWish ? [MastersKeys.Of(MastersKeys.Wishes, host.Member)] : [];
        exitCode = await session.ChangeAsync(MeshKeys.Change(puts, deletes), action);
        if (exitCode == ExitCode.InOrder && wait) exitCode = await session.WaitAsync(one => one.Votes(host.Member) ? $"{name} votes until another takes its place" : "", $"{name} stays drained, and the mesh goes on");
        if (exitCode != ExitCode.InOrder) return exitCode;
        return session.Tell(wait ? $"{name} is drained and does not vote" : $"{name} is drained", json =>
        {
            json.WriteString("host", name);
            json.WriteBoolean("drained", true);
            if (wait) json.WriteBoolean("votes", false);
        });
    }
}
