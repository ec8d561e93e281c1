using Mgmt.Mesh.Masters;

namespace Mgmt.Mesh.Tests.Masters.Simulation;

/// <summary>Simulated time, network and hosts, all from one seed. A message takes its time, may be lost, and comes to nobody who is down or cut off.</summary>
internal sealed class SimWorld(int seed)
{
    private readonly PriorityQueue<Action, (TimeSpan At, long Order)> _events = new();
    private readonly HashSet<(ulong From, ulong To)> _cut = [];
    private readonly Queue<string> _lines = new();
    private long _order;

    public Random Random { get; } = new(seed);

    public TimeSpan Now { get; private set; }

    public SortedDictionary<ulong, SimAgent> Agents { get; } = [];

    public SimChecks Checks => field ??= new(this);

    public MastersOptions Options { get; } = new();

    public int IdealSize { get; set; } = 5;

    public HashSet<ulong> Drained { get; } = [];

    public Dictionary<ulong, VoteWish> Wishes { get; } = [];

    /// <summary>The share of messages that are lost.</summary>
    public double Loss { get; set; }

    /// <summary>The longest that a message takes; the mean is half of it.</summary>
    public TimeSpan Delay { get; set; } = TimeSpan.FromMilliseconds(4);

    /// <summary>The hosts' sides of a split network, by id; those of different sides hear nothing of each other.</summary>
    public Func<ulong, int>? Side { get; set; }

    /// <summary>The member that leads the latest term among those that are up; null when none does.</summary>
    public SimAgent? Leader => Agents.Values.Where(static one => one.IsUp && one.Raft.IsLeading).MaxBy(static one => one.Raft.Term);

    /// <summary>What happened last, for whoever has to find out.</summary>
    public string Story => $"seed {seed} at {Now.TotalSeconds:0.00} s; MGMT_SIM_SEED={seed} plays it again\n{string.Join('\n', _lines)}";

    public void Tell(string line)
    {
        _lines.Enqueue($"{Now.TotalSeconds,8:0.00} {line}");
        if (_lines.Count > 120) _lines.Dequeue();
    }

    public void After(TimeSpan delay, Action action) => _events.Enqueue(action, (Now + delay, _order++));

    public void Run(TimeSpan span)
    {
        var end = Now + span;
        while (_events.TryPeek(out _, out var next) && next.At <= end)
        {
            var action = _events.Dequeue();
            Now = next.At;
            action();
        }

        Now = end;
    }

    public void Send(ulong from, ulong to, Action<SimAgent> deliver)
    {
        if (Random.NextDouble() < Loss || !Carries(from, to)) return;
        After(TimeSpan.FromMilliseconds(0.2) + (Delay * Random.NextDouble()), () =>
        {
            if (Carries(from, to) && Agents.TryGetValue(to, out var agent) && agent.IsUp) deliver(agent);
        });
    }

    public bool Carries(ulong from, ulong to) => !_cut.Contains((from, to)) && (Side is null || Side(from) == Side(to));

    public void Cut(ulong from, ulong to)
    {
        if (!_cut.Add((from, to))) return;
        foreach (var one in new[] { from, to }) Agents[one].TroubledAt = Now;
    }

    public void Mend(ulong from, ulong to) => _cut.Remove((from, to));

    public void MendAll()
    {
        _cut.Clear();
        Side = null;
        Loss = 0;
        Delay = TimeSpan.FromMilliseconds(4);
    }

    public SimAgent Add(string host, string zone)
    {
        var agent = new SimAgent(this, (ulong)Agents.Count + 1, host, zone);
        return Agents[agent.Id] = agent;
    }

    /// <summary>Agents 1 to n found the mesh.</summary>
    public void Found(int founders)
    {
        var ids = Agents.Keys.Take(founders).ToList();
        IReadOnlyList<SimEntry> first = [new(0, SimKind.Voters, 0, ids), .. ids.Select(static one => new SimEntry(0, SimKind.SetVoter, one))];
        foreach (var agent in Agents.Values)
        {
            if (ids.Contains(agent.Id)) agent.Raft.Found(first);
            agent.Start();
        }
    }
}
