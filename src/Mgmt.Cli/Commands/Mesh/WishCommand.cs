using Mgmt.Agent;
using Mgmt.Cli.Flags;
using Mgmt.Mesh.Masters;

namespace Mgmt.Cli.Commands.Mesh;

/// <summary><c>mgmt mesh promote</c> and <c>mgmt mesh demote</c>: what an operator wishes of a host, until it is taken back.</summary>
internal sealed class WishCommand : ICommand
{
    private readonly MeshFrame _mesh;
    private readonly bool _isPromotion;
    private readonly Flag<bool> _cancel;
    private readonly Flag<bool> _wait;

    private WishCommand(Surroundings surroundings, bool isPromotion)
    {
        (_mesh, _isPromotion) = (new(surroundings), isPromotion);
        _cancel = CommonFlags.Mark("--cancel", $"take back that it is to {(isPromotion ? "vote" : "leave the voters")}; the mesh chooses again");
        _wait = MeshFrame.Wait(isPromotion ? "until it votes" : "until it does not vote");
        Examples =
        [
            new($"mgmt mesh {Wish} db1 --wait", isPromotion ? "db1 votes, if need be in another's place" : "another votes in db1's place, if there is one"),
            new($"mgmt mesh {Wish} db1 --cancel", "it does not matter any more"),
        ];
    }

    public string Name => $"mesh {Wish}";

    public string Summary => _isPromotion ? "have a host vote before all others" : "have a host not vote, as long as others can";

    public IReadOnlyList<Operand> Operands => [_mesh.Host];

    public IReadOnlyList<Flag> Flags => [_cancel, _wait, .. _mesh.WaitingFlags];

    public IReadOnlyList<Example> Examples { get; }

    public string Notes => (_isPromotion
        ? """
        The number of voters stays what it is (mgmt mesh size): another voter makes room. The wish stands until --cancel or
          mgmt mesh demote, also while the host is away. A drained host is undrained by it.

        """
        : """
        The wish stands until --cancel or mgmt mesh promote, whose place it takes. With nobody else to vote, a voter stays.

        """) + "Exit codes: 0 noted (with --wait: it is so), 1 refused, 64 wrong flags, 69 no store, or waited too long.\n";

    private string Wish => _isPromotion ? MastersKeys.PromoteWish : MastersKeys.DemoteWish;

    /// <summary>To vote.</summary>
    public static WishCommand Promote(Surroundings surroundings) => new(surroundings, isPromotion: true);

    /// <summary>Not to vote.</summary>
    public static WishCommand Demote(Surroundings surroundings) => new(surroundings, isPromotion: false);

    public Func<Task<int>> Read(Given given)
    {
        var request = _mesh.Read(given, _mesh.Host);
        var (cancel, wait) = (given.Get(_cancel, false), given.Get(_wait, false));
        if (cancel && wait) given.Refuse($"cannot use {_cancel.Name} together with {_wait.Name}: what is taken back is not waited for");
        return () => _mesh.RunAsync(request, session => RunAsync(session, request.Host, cancel, wait));
    }

    private async Task<int> RunAsync(MeshSession session, string name, bool cancel, bool wait)
    {
        var action = cancel ? $"cancel to {Wish} \"{name}\"" : $"{Wish} \"{name}\"";
        var (facts, exitCode) = await session.ReadAsync(action);
        if (facts is null) return exitCode;
        if (!session.TryFind(facts, action, out var host)) return ExitCode.CannotRun;
        return cancel ? await CancelAsync(session, facts, host, action) : await WishAsync(session, facts, host, action, wait);
    }

    private async Task<int> CancelAsync(MeshSession session, MeshFacts facts, MeshHost host, string action)
    {
        if (facts.Wishes.TryGetValue(host.Member, out var present) && present != Wish) return session.Refuse($"cannot {action}: what is wished of it is to {present} it; take that back with mgmt mesh {present} {host.Host} --cancel");
        var exitCode = await session.ChangeAsync(MeshKeys.Change([], [MastersKeys.Of(MastersKeys.Wishes, host.Member)]), action);
        return exitCode != ExitCode.InOrder ? exitCode : Tell(session, host.Host, present is null ? $"nothing was wished of {host.Host}" : $"nothing is wished of {host.Host} any more", null);
    }

    private async Task<int> WishAsync(MeshSession session, MeshFacts facts, MeshHost host, string action, bool wait)
    {
        if (_isPromotion && host.Card is null) return session.Refuse($"cannot {action}: its agent does not run; start it first");
        if (_isPromotion && !host.Card!.Volunteers) return session.Refuse($"cannot {action}: it does not volunteer to vote; start its agent without --no-vote");
        if (!_isPromotion && wait && facts.Votes(host.Member) && !facts.Cards.Values.Any(one => one.MemberId != host.Member && facts.CanVote(one)))
            return session.Refuse($"cannot {action} and wait for it: no other host can vote in its place; start one more, or leave --wait out");
        string[] deletes = _isPromotion ? [MastersKeys.Of(MastersKeys.Drained, host.Member)] : [];
        var exitCode = await session.ChangeAsync(MeshKeys.Change([(MastersKeys.Of(MastersKeys.Wishes, host.Member), Wish)], deletes), action);
        if (exitCode == ExitCode.InOrder && wait) exitCode = await session.WaitAsync(one => Rest(one, host), "the wish stands, and the mesh goes on");
        if (exitCode != ExitCode.InOrder) return exitCode;
        return Tell(session, host.Host, wait ? $"{host.Host} {(_isPromotion ? "votes" : "does not vote")}" : $"{host.Host} is to be {Wish}d", Wish);
    }

    private string Rest(MeshFacts facts, MeshHost host)
    {
        if (facts.Votes(host.Member) == _isPromotion) return "";
        return _isPromotion ? $"{host.Host} is brought up to date, and then votes" : $"{host.Host} votes until another takes its place";
    }

    private static int Tell(MeshSession session, string name, string line, string? wish) => session.Tell(line, json =>
    {
        json.WriteString("host", name);
        if (wish is null) json.WriteNull("wish");
        else json.WriteString("wish", wish);
    });
}
