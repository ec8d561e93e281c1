namespace Mgmt.Mesh.Masters;

/// <summary>
/// The next step from the voters there are to those there should be. Steps keep to this: a newcomer is only let in when those that answer now are a majority
/// without it (but for the second voter, where that cannot be); an answering voter only leaves when all answer; a silent one leaves when its successor is up to date.
/// </summary>
internal sealed class VoterSteps(RollCall roll, IReadOnlyList<Contender> wanted, MastersOptions options)
{
    private readonly HashSet<ulong> _wanted = [.. wanted.Select(static one => one.Id)];
    private readonly HashSet<ulong> _voting = [.. roll.Voters.Select(static one => one.Id)];

    private int Size => roll.Voters.Count;

    private IReadOnlyList<Contender> Leaving => field ??= [.. roll.Voters.Where(one => !_wanted.Contains(one.Id)).Reverse()];

    private IReadOnlyList<Contender> Coming => field ??= [.. wanted.Where(one => !_voting.Contains(one.Id))];

    private IReadOnlyList<Contender> Ready => field ??= [.. Coming.Where(one => one.Standing == Standing.Learner && one.Lag <= options.ReadyLag && one.Answers)];

    /// <summary>The step and why, or null for none and what is waited for.</summary>
    public (MastersChange? Change, string Reason) Next() => RemoveGone() ?? Promote() ?? RemoveHeard() ?? DropLearner() ?? Nominate() ?? (null, Waiting());

    // Raft loses nothing by it: the others' majority does not grow. Without a successor it stays as long as it is wanted.
    private (MastersChange? Change, string Reason)? RemoveGone()
    {
        if (Leaving.FirstOrDefault(static one => !one.Answers) is not { } gone || (Coming.Count > 0 && Ready.Count == 0)) return null;
        var successor = Ready.Count > 0 ? $", and {Ready[0]} is up to date to take its place" : $", and {wanted.Count} of the others are enough";
        return (new MastersChange.Remove(gone.Id), $"{gone} {(gone.Why.Length > 0 ? gone.Why : "does not answer")}{successor}");
    }

    private (MastersChange? Change, string Reason)? Promote()
    {
        if (Ready.Count == 0 || (Size > 1 && roll.Heard < Quorum.Majority(Size + 1))) return null;

        // An even number is only for the way: to an exchange, or to the next odd number, whose second newcomer is ready as well.
        var successorOf = Leaving.FirstOrDefault(static one => one.Answers);
        if (Size % 2 != 0 && successorOf is null && Ready.Count < 2) return null;
        var why = successorOf is not null ? $"to take the place of {successorOf}, which {Why(successorOf)}" : $"as voter {Size + 1} of {wanted.Count}";
        return (new MastersChange.Promote(Ready[0].Id), $"{Ready[0]} is up to date, {why}");
    }

    private (MastersChange? Change, string Reason)? RemoveHeard()
    {
        if (roll.Heard < Size || Leaving is not [var leaving, ..]) return null;
        if (Coming.Count > 0 && roll.Voters.Count(one => _wanted.Contains(one.Id)) < wanted.Count) return null;
        if (Leaving.FirstOrDefault(static one => one.Standing != Standing.Leader) is { } follower) return (new MastersChange.Remove(follower.Id), $"{follower} {Why(follower)}");
        var heir = roll.Voters.Where(one => _wanted.Contains(one.Id) && one.Lag <= options.ReadyLag).OrderBy(static one => one.Setbacks).ThenBy(static one => one).FirstOrDefault();
        return heir is null ? null : (new MastersChange.HandOver(heir.Id), $"{leaving} leads and {Why(leaving)}");
    }

    private (MastersChange? Change, string Reason)? DropLearner() =>
        roll.Learners.FirstOrDefault(one => !_wanted.Contains(one.Id)) is { } learner
            ? (new MastersChange.Remove(learner.Id), $"{learner} learns and is not needed any more") : null;

    private (MastersChange? Change, string Reason)? Nominate() =>
        Coming.FirstOrDefault(static one => one.Standing == Standing.Volunteer) is { } next
            ? (new MastersChange.Nominate(next.Id), $"{next}{(next.Zone.Length > 0 ? $" in zone {next.Zone}" : "")} {PurposeOf()}") : null;

    private string PurposeOf() => Leaving is [var former, ..] ? $"is to take the place of {former}, which {Why(former)}" : $"is to be one of {wanted.Count} voters";

    private string Why(Contender leaving)
    {
        if (leaving.Why.Length > 0) return leaving.Why;
        var crowd = leaving.Zone.Length > 0 ? $", zone {leaving.Zone} has {roll.Voters.Count(one => one.Zone == leaving.Zone)} voters" : "";
        return $"is not one of the {wanted.Count} that are to vote{crowd}";
    }

    private string Waiting()
    {
        if (Coming is [var coming, ..])
            return Ready.Count == 0 ? $"waiting for {coming} to be up to date" : $"waiting for {(roll.Heard < Size ? "silent voters" : "a second newcomer to be up to date")}";
        return Leaving is [var leaving, ..] ? $"waiting for silent voters, or for one that is up to date, before {leaving} can go" : "";
    }
}
