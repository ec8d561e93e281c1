using Mgmt.Mesh.Masters;

namespace Mgmt.Mesh.Tests.Masters.Simulation;

/// <summary>What must hold at every moment, whatever happens; and whether all is at rest.</summary>
internal sealed class SimChecks(SimWorld world)
{
    // What happened to a voter within this time, its leader cannot know: that it is counted on, an answer's way, and its clock's fault.
    private static readonly TimeSpan Unseen = TimeSpan.FromSeconds(1.3);
    private readonly Dictionary<long, ulong> _leaders = [];
    private readonly List<SimEntry> _committed = [];

    public int Moves { get; private set; }

    public int Decisions { get; private set; }

    /// <summary>Whether somebody is wished to vote.</summary>
    public bool HasWishes => world.Wishes.ContainsValue(VoteWish.Promote);

    public TimeSpan DecidedAt { get; private set; }

    public int Terms => _leaders.Count;

    public int Writes => _committed.Count(static one => one.Kind == SimKind.Write);

    public TimeSpan CommittedAt { get; private set; }

    /// <summary>One leader per term.</summary>
    public void Leads(ulong member, long term) => Assert.True(_leaders.TryAdd(term, member) || _leaders[term] == member, $"two leaders in term {term}\n{world.Story}");

    /// <summary>All members commit the same.</summary>
    public void Committed(SimAgent agent, int index, SimEntry entry)
    {
        if (index > _committed.Count)
        {
            _committed.Add(entry);
            CommittedAt = world.Now;
        }

        Assert.True(ReferenceEquals(_committed[index - 1], entry), $"{agent.Host} has another entry {index}: {entry}, not {_committed[index - 1]}\n{world.Story}");
    }

    public void Decided()
    {
        Decisions++;
        DecidedAt = world.Now;
    }

    /// <summary>A change of voters never costs the quorum: those that the leader reaches are still a majority, and before a newcomer counts.</summary>
    public void Changes(SimAgent leader, IReadOnlyList<ulong> before, IReadOnlyList<ulong> after)
    {
        Moves++;
        Assert.True(before.Except(after).Count() + after.Except(before).Count() == 1, $"not one change: {string.Join(' ', before)} to {string.Join(' ', after)}\n{world.Story}");
        Assert.True(after.Count > 0 && after.Contains(leader.Id), $"{leader.Host} takes itself out\n{world.Story}");
        var counted = after.Where(one => before.Count == 1 || before.Contains(one)).Where(one => IsReached(leader, one) || IsNews(one)).ToList();
        Assert.True(counted.Count >= Quorum.Majority(after.Count), $"{string.Join(' ', before)} to {string.Join(' ', after)}, with {string.Join(' ', counted)}\n{world.Story}");
    }

    /// <summary>Null when there is nothing left to do, or what there is.</summary>
    public string? Unrest()
    {
        if (world.Leader is not { } leader) return "no leader";
        if (!leader.Raft.IsSettled) return "the leader has no majority";
        var voters = leader.Raft.Log.Voters;
        var usable = world.Agents.Values.Where(one => one.IsUp && !world.Drained.Contains(one.Id) && world.Wishes.GetValueOrDefault(one.Id) != VoteWish.Demote).ToList();
        var size = Quorum.OddUpTo(Math.Min(Quorum.OddUpTo(world.IdealSize), usable.Count));
        if (voters.Count != size) return $"{voters.Count} voters, not {size}";
        if (usable.Count > 0 && !voters.All(one => usable.Any(agent => agent.Id == one))) return "a voter that should not be";
        if (leader.Raft.Masters.Learners.Any(one => !voters.Contains(one))) return "somebody learns";
        if (HasWishes) return usable.Count(one => IsWished(one.Id)) is var wished && voters.Count(IsWished) < Math.Min(wished, size) ? "a wish" : null;
        var squares = voters.GroupBy(one => world.Agents[one].Zone).Sum(static zone => zone.Count() * zone.Count());
        var least = usable.GroupBy(static one => one.Zone).SelectMany(static zone => Enumerable.Range(0, zone.Count()).Select(static k => (2 * k) + 1)).Order().Take(size).Sum();
        return usable.Count > 0 && squares != least ? "the zones could be kept apart better" : null;
    }

    private bool IsWished(ulong member) => world.Wishes.GetValueOrDefault(member) == VoteWish.Promote;

    private bool IsReached(SimAgent leader, ulong one) => one == leader.Id || (world.Agents[one].IsUp && world.Carries(leader.Id, one) && world.Carries(one, leader.Id));

    private bool IsNews(ulong one) => world.Now - world.Agents[one].TroubledAt < Unseen;
}
