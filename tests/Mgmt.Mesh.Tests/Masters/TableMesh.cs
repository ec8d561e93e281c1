using Mgmt.Mesh.Masters;
using Mgmt.Mesh.Place;

namespace Mgmt.Mesh.Tests.Masters;

/// <summary>A host of a mesh that is a table.</summary>
internal sealed class TableHost(ulong id, string name, string zone)
{
    public ulong Id => id;

    public string Name => name;

    public string Zone => zone;

    public bool Votes { get; set; }

    public bool Learns { get; set; }

    /// <summary>What the state's list says; it may lag behind <see cref="Votes"/>.</summary>
    public MemberRecord Record { get; set; }

    public bool Volunteers { get; set; } = true;

    public bool IsStopping { get; set; }

    public int Losses { get; set; }

    public long Revision { get; set; }

    public TimeSpan? SilentSince { get; set; }

    public long? Lag { get; set; } = 0;

    /// <summary>Whether Raft cannot make it a voter.</summary>
    public bool CannotVote { get; set; }

    /// <summary>The lag that it has as a learner from the second look on; null is never to start.</summary>
    public long? LearnsUpTo { get; set; } = 0;
}

/// <summary>A mesh that is a table: changes succeed at once, hosts do what the test says. Time is in whole seconds.</summary>
internal sealed class TableMesh
{
    private MastersMemory _memory = MastersMemory.Empty;

    public MastersOptions Options { get; } = new();

    public Dictionary<string, TableHost> Hosts { get; } = [];

    public HashSet<ulong> Drained { get; } = [];

    public Dictionary<ulong, VoteWish> Wishes { get; } = [];

    public ulong Leader { get; private set; }

    public int Ideal { get; set; } = 5;

    public int Seconds { get; private set; }

    public TimeSpan Now => TimeSpan.FromSeconds(Seconds);

    public IReadOnlyList<TableHost> Voters => [.. Hosts.Values.Where(static one => one.Votes)];

    public IReadOnlyList<TableHost> Learners => [.. Hosts.Values.Where(static one => one.Learns)];

    public TableHost Add(string name, string zone, bool votes)
    {
        var host = new TableHost((ulong)Hosts.Count + 1, name, zone) { Votes = votes, Record = votes ? MemberRecord.Voter : MemberRecord.None, Revision = Hosts.Count + 1 };
        if (votes && Leader == 0) Leader = host.Id;
        return Hosts[name] = host;
    }

    public void Lead(ulong member)
    {
        Leader = member;
        _memory = MastersMemory.Empty;
    }

    public MeshSight Sight() => new()
    {
        Leader = Leader, IdealSize = Ideal, Drained = Drained, Wishes = Wishes,
        Members = [.. Hosts.Values.Where(static one => one.Votes || one.Record != MemberRecord.None)
            .Select(one => new SeenMember(one.Id, one.Name, one.Votes, one.Record, one.SilentSince is { } since ? Now - since : TimeSpan.Zero, one.Lag))],
        Volunteers = [.. Hosts.Values.Where(static one => one.Volunteers).Select(static one => new SeenVolunteer(CardOf(one), one.Revision, one.Losses))],
    };

    /// <summary>One look, and the change carried out; then a second passes.</summary>
    public MastersDecision Step()
    {
        var decision = new MastersPolicy(Options).Next(Sight(), _memory, Now);
        _memory = decision.Memory;
        if (decision.Change is { } change) CarryOut(change);
        Seconds++;
        foreach (var learner in Learners.Where(static one => one.SilentSince is null && one.LearnsUpTo is not null)) learner.Lag = learner.LearnsUpTo;
        return decision;
    }

    private static AgentCard CardOf(TableHost host) => new()
    {
        Member = StoreIdentity.Hex(host.Id), Host = host.Name, Zone = host.Zone, Api = $"{host.Name}:2379", Raft = $"{host.Name}:2380", IsLeaving = host.IsStopping,
    };

    private void CarryOut(MastersChange change)
    {
        var host = Hosts.Values.Single(one => one.Id == change.Member);
        switch (change)
        {
            case MastersChange.Nominate:
                (host.Learns, host.Record, host.Lag) = (true, MemberRecord.Learner, null);
                break;
            case MastersChange.Promote or MastersChange.HandOver when host.CannotVote:
                _memory = _memory.Failed(change, Now, Options);
                break;
            case MastersChange.Promote:
                (host.Learns, host.Votes, host.Record) = (false, true, MemberRecord.Voter);
                break;
            case MastersChange.Remove:
                (host.Learns, host.Votes, host.Record) = (false, false, MemberRecord.None);
                break;
            case MastersChange.HandOver:
                Lead(host.Id);
                break;
        }
    }
}
