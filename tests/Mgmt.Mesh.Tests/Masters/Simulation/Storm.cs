using Mgmt.Mesh.Masters;

namespace Mgmt.Mesh.Tests.Masters.Simulation;

/// <summary>All that can happen to a mesh, and in the end nothing any more: hosts are up, links whole, what is lost for good was never a majority.</summary>
internal sealed class Storm(SimWorld world)
{
    private readonly Random _random = world.Random;

    /// <returns>How many things happened.</returns>
    public int Rage(TimeSpan span)
    {
        var (end, faults) = (world.Now + span, 0);
        for (; world.Now < end; faults++)
        {
            Happen();
            world.Run(TimeSpan.FromSeconds(_random.NextDouble() * 6));
        }

        Calm();
        return faults;
    }

    private void Happen()
    {
        switch (_random.Next(16))
        {
            case 0 or 1 or 2: Crash(Voter()); break;
            case 3: Crash(Anybody()); break;
            case 4 when world.Leader is { } leader: Crash(leader); break;
            case 5:
                for (var i = _random.Next(1, 4); i > 0; i--) Crash(Voter());
                break;
            case 6 or 7: CutOff(Voter()); break;
            case 8: Split(); break;
            case 9: world.Loss = _random.NextDouble() * 0.3; break;
            case 10: world.Delay = TimeSpan.FromMilliseconds(1 + _random.Next(150)); break;
            case 11:
                world.IdealSize = 1 + _random.Next(7);
                world.Tell($"the ideal size is {world.IdealSize}");
                break;
            case 12: Drain(_random.Next(2) == 0 ? Voter().Id : Anybody().Id); break;
            case 13: Wish(_random.Next(2) == 0 ? Voter().Id : Anybody().Id); break;
            case 14: (Anybody().NeverStarts, Anybody().IsSlow) = (true, true); break;
            case 15: LoseDisk(); break;
        }
    }

    private void Calm()
    {
        world.MendAll();
        world.Tell("calm");
        foreach (var agent in world.Agents.Values.ToList())
        {
            (agent.NeverStarts, agent.IsSlow) = (false, false);
            if (!agent.IsUp && !agent.IsLost) agent.Start();
        }

        foreach (var drained in world.Drained.Where(_ => _random.Next(2) == 0).ToList()) world.Drained.Remove(drained);
    }

    private SimAgent Anybody()
    {
        var all = world.Agents.Values.Where(static one => !one.IsLost).ToList();
        return all[_random.Next(all.Count)];
    }

    private SimAgent Voter() => world.Leader?.Raft.Log.Voters is { Count: > 0 } voters ? world.Agents[voters[_random.Next(voters.Count)]] : Anybody();

    private void Crash(SimAgent agent)
    {
        if (!agent.IsUp) return;
        world.Tell($"{agent.Host} goes down");
        agent.Crash();
        world.After(TimeSpan.FromSeconds(_random.Next(4) == 0 ? _random.Next(120) : _random.NextDouble() * 8), () =>
        {
            if (agent.IsUp || agent.IsLost) return;
            world.Tell($"{agent.Host} comes back");
            agent.Start();
        });
    }

    // All its links, or some, both ways or one.
    private void CutOff(SimAgent agent)
    {
        var (isOneWay, share) = (_random.Next(2) == 0, _random.Next(2) == 0 ? 1.0 : 0.5);
        var others = world.Agents.Keys.Where(one => one != agent.Id && one < 30 && _random.NextDouble() < share).ToList();
        world.Tell($"{agent.Host} is cut off from {string.Join(' ', others)}{(isOneWay ? ", one way" : "")}");
        foreach (var other in others)
        {
            world.Cut(agent.Id, other);
            if (!isOneWay) world.Cut(other, agent.Id);
        }

        world.After(TimeSpan.FromSeconds(_random.Next(60)), () =>
        {
            foreach (var other in others) world.Mend(agent.Id, other);
            foreach (var other in others) world.Mend(other, agent.Id);
        });
    }

    private void Split()
    {
        var (by, sides) = ((ulong)_random.Next(1, 1000), _random.Next(2, 4));
        Func<ulong, int> side = one => (int)(one * by / 7 % (ulong)sides);
        world.Tell($"the network is split in {sides}: {string.Join(' ', world.Agents.Keys.Take(30).Select(one => $"{one}:{side(one)}"))}");
        world.Side = side;
        foreach (var agent in world.Agents.Values) agent.TroubledAt = world.Now;
        world.After(TimeSpan.FromSeconds(_random.Next(60)), () => world.Side = world.Side == side ? null : world.Side);
    }

    private void Drain(ulong member)
    {
        var isDrained = world.Drained.Remove(member);
        if (!isDrained) world.Drained.Add(member);
        world.Tell($"{world.Agents[member].Host} is {(isDrained ? "not drained any more" : "drained")}");
    }

    private void Wish(ulong member)
    {
        var wish = world.Wishes[member] = _random.Next(5) switch { 0 => VoteWish.Promote, 1 => VoteWish.Demote, _ => VoteWish.None };
        world.Tell($"{world.Agents[member].Host} is wished: {wish}");
    }

    // A disk is only lost where the others go on without it: of a voter that was down for long, while all others are there.
    private void LoseDisk()
    {
        if (world.Leader is not { Raft: { IsSettled: true } raft } || world.Agents.Count > 1020) return;
        var voters = raft.Log.Voters.Select(one => world.Agents[one]).ToList();
        var isCalm = raft.Log.VotersAt <= raft.Committed && world.Agents.Values.All(one => !one.IsLost || !voters.Contains(one));
        var down = voters.Where(one => !one.IsUp && world.Now - one.TroubledAt > TimeSpan.FromSeconds(5)).ToList();
        if (!isCalm || down.Count != 1 || voters.Count < 3) return;
        world.Tell($"{down[0].Host} comes back without its disk");
        down[0].Lose();
    }
}
