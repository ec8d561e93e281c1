using Mgmt.Mesh.Masters;
using Mgmt.Mesh.Place;

namespace Mgmt.Mesh.Tests.Masters.Simulation;

/// <summary>A host's agent: it volunteers, keeps its lease alive at the leader, and takes part in consensus when the leader has it do so.</summary>
internal sealed class SimAgent
{
    public static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan KeepAliveEvery = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(1);
    private readonly SimWorld _world;
    private readonly double _rate;
    private int _life;
    private ulong _asks;
    private bool _isAnswered;
    private long _round;
    private int _detours;
    private bool _isStarting;

    public SimAgent(SimWorld world, ulong id, string host, string zone)
    {
        (_world, Id, Host, Zone) = (world, id, host, zone);
        _rate = 0.98 + (0.04 * world.Random.NextDouble());
        Raft = new(world, this);
        Card = new() { Member = StoreIdentity.Hex(id), Host = host, Zone = zone, Api = $"{host}:2379", Raft = $"{host}:2380" };
    }

    public ulong Id { get; }

    public string Host { get; }

    public string Zone { get; }

    public AgentCard Card { get; }

    public SimRaft Raft { get; }

    public bool IsUp { get; private set; }

    /// <summary>Whether it lost its disk and never comes back as what it was.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Whether it takes no part when it is nominated.</summary>
    public bool NeverStarts { get; set; }

    /// <summary>Whether it takes in one entry at a time.</summary>
    public bool IsSlow { get; set; }

    /// <summary>When it last went down or was cut off.</summary>
    public TimeSpan TroubledAt { get; set; } = TimeSpan.FromSeconds(-100);

    /// <summary>Its own clock, which goes a bit wrong.</summary>
    public TimeSpan Clock => _world.Now * _rate;

    public void Start()
    {
        (IsUp, _isStarting) = (true, false);
        var life = ++_life;
        Raft.Restart();
        _world.After(KeepAliveEvery * _world.Random.NextDouble(), () => Volunteer(life));
    }

    public void Crash()
    {
        IsUp = false;
        TroubledAt = _world.Now;
        _life++;
        Raft.Stop();
    }

    /// <summary>It comes back without its disk: as another member.</summary>
    public void Lose()
    {
        IsLost = true;
        _world.Add(Host, Zone).Start();
    }

    /// <summary>The first message of a leader to one that took no part so far: it starts, in its time.</summary>
    public void Nominated()
    {
        if (NeverStarts || _isStarting) return;
        _isStarting = true;
        var life = _life;
        _world.After(TimeSpan.FromSeconds(2) * _world.Random.NextDouble(), () =>
        {
            if (life == _life) Raft.Join();
            _isStarting = false;
        });
    }

    /// <summary>Another agent's sign of life; only the leader can do something with it.</summary>
    public void OnKeepAlive(SimAgent from)
    {
        var (leads, leader, term) = (Raft.IsSettled, Raft.IsLeading ? Id : Raft.Leader, Raft.Term);
        var isMember = !leads || Raft.Masters.KeepAlive(from.Id);
        if (leader == 0) leader = _asks;
        _world.Send(Id, from.Id, one => one.OnAnswer(leader, leads, isMember, term));
    }

    private void OnAnswer(ulong leader, bool leads, bool isMember, long term)
    {
        (_asks, _isAnswered) = (leader, true);
        _detours = leads ? 0 : _detours + 1;

        // A leader of an older term may not know that a newer one wants this member.
        if (leads && !isMember && term >= Raft.Term) Raft.Leave();
    }

    private void Volunteer(int life)
    {
        if (life != _life) return;

        // Two that do not lead may send an agent from one to the other.
        if (!_isAnswered || _detours % 4 == 3) _asks = Somebody();
        else if (Raft.Leader != 0) _asks = Raft.Leader;
        var round = ++_round;
        _isAnswered = false;
        _world.Send(Id, _asks, one => one.OnKeepAlive(this));
        _world.After(AnswerWithin, () =>
        {
            if (round == _round && !_isAnswered) Volunteer(life);
        });
        _world.After(KeepAliveEvery, () =>
        {
            if (round == _round) Volunteer(life);
        });
    }

    // The few that everybody was told of at the start.
    private ulong Somebody() => (ulong)_world.Random.Next(1, Math.Min(_world.Agents.Count, 20) + 1);
}
