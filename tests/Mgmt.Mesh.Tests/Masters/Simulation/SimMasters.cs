using Mgmt.Mesh.Masters;

namespace Mgmt.Mesh.Tests.Masters.Simulation;

/// <summary>What surrounds the policy at the leader: the state as far as it is committed, leases by the leader's clock, the sight, and the changes.</summary>
internal sealed class SimMasters(SimWorld world, SimAgent self, SimRaft raft)
{
    public static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan HandOverWithin = TimeSpan.FromSeconds(3);
    private readonly Dictionary<ulong, MemberRecord> _records = [];
    private readonly Dictionary<ulong, int> _offers = [];
    private readonly Dictionary<ulong, TimeSpan> _leases = [];
    private readonly HashSet<ulong> _proposed = [];
    private readonly MastersPolicy _policy = new(world.Options);
    private MastersMemory _memory = MastersMemory.Empty;
    private int _applied;
    private bool _isSettled;
    private MastersChange? _change;
    private int _waitsFor;
    private string _waiting = "";
    private TimeSpan _handOverEnds;

    public IEnumerable<ulong> Learners => _records.Where(static one => one.Value == MemberRecord.Learner).Select(static one => one.Key);

    /// <summary>This member leads from now on.</summary>
    public void Begin()
    {
        _records.Clear();
        _offers.Clear();
        _leases.Clear();
        _proposed.Clear();
        (_memory, _applied, _isSettled, _change, _waitsFor) = (MastersMemory.Empty, 0, false, null, 0);
    }

    /// <summary>Takes in what is committed.</summary>
    public void Apply()
    {
        while (_applied < raft.Committed) Apply(raft.Log[++_applied]);
        if (_isSettled || !raft.IsSettled) return;
        _isSettled = true;
        foreach (var member in _offers.Keys) _leases[member] = self.Clock + SimAgent.LeaseTime;
    }

    /// <summary>A sign of life of an agent.</summary>
    /// <returns>Whether it is a member, or about to be one or none any more.</returns>
    public bool KeepAlive(ulong agent)
    {
        if (_offers.ContainsKey(agent)) _leases[agent] = self.Clock + SimAgent.LeaseTime;
        else if (_proposed.Add(agent)) raft.Propose(SimKind.Offer, agent);
        return raft.Log.Voters.Contains(agent) || _records.ContainsKey(agent) || _change?.Member == agent;
    }

    /// <summary>Ends leases, goes on with the change that is under way, or asks the policy for another.</summary>
    public void Look()
    {
        if (!raft.IsSettled) return;
        foreach (var (member, end) in _leases.Where(one => one.Value <= self.Clock).ToList())
        {
            raft.Propose(SimKind.OfferEnds, member);
            _leases[member] = end + LookEvery;
        }

        if (_change is { } change) GoOn(change);
        else Decide();
    }

    private void Decide()
    {
        var decision = _policy.Next(Sight(), _memory, self.Clock);
        _memory = decision.Memory;
        if (decision.Change is null && decision.Reason != _waiting && decision.Reason.Length > 0) world.Tell($"{self.Host}: {decision.Reason}");
        _waiting = decision.Reason;
        if (decision.Change is not { } change) return;
        world.Tell($"{self.Host} {change}: {decision.Reason}");
        world.Checks.Decided();
        (_change, _handOverEnds, _waitsFor) = (change, self.Clock + HandOverWithin, 0);
        if (change is MastersChange.HandOver)
        {
            var term = raft.Term;
            world.Send(self.Id, change.Member, one => one.Raft.TakeOver(term));
        }

        GoOn(change);
    }

    private MeshSight Sight() => new()
    {
        Leader = self.Id, IdealSize = world.IdealSize, Drained = world.Drained, Wishes = world.Wishes,
        Members = [.. raft.Log.Voters.Union(_records.Keys).Select(one => new SeenMember(
            one, world.Agents[one].Host, raft.Log.Voters.Contains(one), _records.GetValueOrDefault(one), raft.SilentFor(one), raft.LagOf(one)))],
        Volunteers = [.. _offers.Select(one => new SeenVolunteer(world.Agents[one.Key].Card, one.Value))],
    };

    // One entry after another, each after the one before it is committed; what another leader inherits, its policy ends.
    private void GoOn(MastersChange change)
    {
        if (_waitsFor > raft.Committed) return;
        var hasVote = raft.Log.Voters.Contains(change.Member);
        var record = _records.GetValueOrDefault(change.Member);
        var isDone = change switch
        {
            MastersChange.Nominate => record != MemberRecord.None || !Put(SimKind.SetLearner, change.Member),
            MastersChange.Promote => hasVote ? record == MemberRecord.Voter || !Put(SimKind.SetVoter, change.Member)
                : !Put(SimKind.Voters, 0, [.. raft.Log.Voters, change.Member]),
            MastersChange.Remove => hasVote ? !Put(SimKind.Voters, 0, [.. raft.Log.Voters.Where(one => one != change.Member)])
                : record == MemberRecord.None || !Put(SimKind.Unset, change.Member),
            _ => self.Clock >= _handOverEnds,
        };
        if (!isDone) return;
        if (change is MastersChange.HandOver) _memory = _memory.Failed(change, self.Clock, world.Options);
        if (change is MastersChange.Remove) raft.Forget(change.Member);
        _change = null;
    }

    private bool Put(SimKind kind, ulong member, IReadOnlyList<ulong>? voters = null)
    {
        if (!raft.Propose(kind, member, voters)) return false;
        _waitsFor = raft.Log.Last;
        return true;
    }

    private void Apply(SimEntry entry)
    {
        switch (entry.Kind)
        {
            case SimKind.SetLearner: _records[entry.Member] = MemberRecord.Learner; break;
            case SimKind.SetVoter: _records[entry.Member] = MemberRecord.Voter; break;
            case SimKind.Unset: _records.Remove(entry.Member); break;
            case SimKind.OfferEnds:
                _offers.Remove(entry.Member);
                _leases.Remove(entry.Member);
                break;
            case SimKind.Offer:
                _offers.TryAdd(entry.Member, _applied);
                _proposed.Remove(entry.Member);
                if (_isSettled) _leases[entry.Member] = self.Clock + SimAgent.LeaseTime;
                break;
        }
    }
}
