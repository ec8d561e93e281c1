namespace Mgmt.Mesh.Masters;

/// <summary>
/// Who votes. Given what the leader sees and remembers, at most one change, with its reason. Pure: the same sight, memory and time give the same answer, and
/// where nothing is to be changed, nothing is.
/// </summary>
internal sealed class MastersPolicy(MastersOptions options)
{
    /// <summary>Decides.</summary>
    /// <param name="sight">What the leader sees.</param>
    /// <param name="memory">What the last decision left, or <see cref="MastersMemory.Empty"/> when the leader is new.</param>
    /// <param name="now">A time that never goes back while this member leads.</param>
    public MastersDecision Next(MeshSight sight, MastersMemory memory, TimeSpan now)
    {
        memory = memory.See(sight, now, options);
        var roll = new RollCall(sight, memory, now, options);
        if (!roll.HasQuorum) return new(null, $"{roll.Heard} of {roll.Voters.Count} voters answer: nothing can be changed", memory);
        if (HalfDone(sight) is { } rest) return rest with { Memory = memory };
        if (FailedNominee(sight, roll, memory, now) is { } failed) return failed;
        (var wanted, memory) = Choose(sight, roll, memory, now);
        var (change, reason) = new VoterSteps(roll, wanted, options).Next();
        return new(change, reason, Remember(memory, change, roll, now));
    }

    // A leader that was lost between Raft's change and the state's left the second half to the next.
    private static MastersDecision? HalfDone(MeshSight sight)
    {
        foreach (var one in sight.Members.OrderBy(static one => one.Id))
        {
            if (one is { HasVote: true, Record: MemberRecord.Learner }) return new(new MastersChange.Promote(one.Id), $"{one.Name} has a vote already: a change was cut off", MastersMemory.Empty);
            if (one is { HasVote: false, Record: MemberRecord.Voter }) return new(new MastersChange.Remove(one.Id), $"{one.Name} has no vote any more: a change was cut off", MastersMemory.Empty);
        }

        return null;
    }

    private MastersDecision? FailedNominee(MeshSight sight, RollCall roll, MastersMemory memory, TimeSpan now)
    {
        foreach (var one in sight.Members.Where(one => memory.Nominees.ContainsKey(one.Id)).OrderBy(static one => one.Id))
        {
            if (memory.Nominees[one.Id].Failure(one, roll.Volunteers(one.Id), now, options) is not { } failure) continue;
            var after = memory.GiveUp(one.Id, now, options);
            return new(new MastersChange.Remove(one.Id), $"{one.Name} was to learn and {failure}; it is not asked again for {(after.Setbacks[one.Id].Until - now).TotalSeconds:0} s", after);
        }

        return null;
    }

    private (IReadOnlyList<Contender> Wanted, MastersMemory Memory) Choose(MeshSight sight, RollCall roll, MastersMemory memory, TimeSpan now)
    {
        (var size, memory) = SizeOf(sight, roll, memory, now);
        var keeping = VoterChoice.Keeping(roll.Voters, roll.Candidates, size);
        var best = VoterChoice.Best(roll.Voters, roll.Candidates, size);
        var isUneven = best.Count == keeping.Count && VoterChoice.Unevenness(best) < VoterChoice.Unevenness(keeping) && keeping.All(static one => one.IsFit);
        memory = memory with { UnbalancedSince = isUneven ? memory.UnbalancedSince ?? now : null };
        var wanted = memory.UnbalancedSince is { } since && now - since >= options.BalanceAfter ? best : keeping;

        // With all to leave and nobody to come, all stay: somebody has to keep the store.
        return (wanted.Count > 0 ? wanted : roll.Voters, memory);
    }

    /// <summary>
    /// The largest odd number not above the ideal size and the healthy volunteers. When it is the volunteers that are too few, those that were there may come
    /// back: for a while the voters stay as they are, unless fewer of them would survive more.
    /// </summary>
    private (int Size, MastersMemory Memory) SizeOf(MeshSight sight, RollCall roll, MastersMemory memory, TimeSpan now)
    {
        var ideal = Quorum.OddUpTo(sight.IdealSize);
        var size = Quorum.OddUpTo(Math.Min(ideal, roll.Voters.Count(static one => one.IsFit) + roll.Candidates.Count));
        var present = Math.Min(ideal, roll.Voters.Count(static one => !one.IsLeaving));
        memory = memory with { ShortSince = size < present ? memory.ShortSince ?? now : null };
        if (memory.ShortSince is not { } since || now - since >= options.ShrinkAfter) return (size, memory);
        var isSafer = Quorum.Spare(size, size) > Quorum.Spare(roll.Heard, roll.Voters.Count);
        var isInTheWay = roll.Voters.Any(static one => one.IsLeaving) && roll.Voters.Any(static one => one.Standing == Standing.GoneVoter);
        return (isSafer || isInTheWay ? size : present, memory);
    }

    // A host that was gone once is not the first to be asked again.
    private MastersMemory Remember(MastersMemory memory, MastersChange? change, RollCall roll, TimeSpan now) =>
        change is MastersChange.Remove && roll.Voters.Any(one => one.Id == change.Member && one.Standing == Standing.GoneVoter) && !memory.IsHeldBack(change.Member, now)
            ? memory.SetBack(change.Member, now, options) : memory;
}
