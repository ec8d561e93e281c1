using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Raft;
using Mgmt.Mesh.Raft.Wire;

namespace Mgmt.Mesh.Tests.Raft;

/// <summary>Members in this process, on ports of the loopback that are free.</summary>
internal sealed class Cluster : IPeerDirectory, IAsyncDisposable
{
    public const ulong Id = 0xC1;
    private readonly ConcurrentDictionary<ulong, int> _ports = new();
    private readonly ConcurrentQueue<string> _notices = new();

    public Cluster(params ulong[] founders)
    {
        Founders = founders;
        Folder = Directory.CreateTempSubdirectory("raft").FullName;
    }

    public string Folder { get; }

    public IReadOnlyList<ulong> Founders { get; }

    public ConcurrentDictionary<ulong, Member> Members { get; } = new();

    /// <summary>Pairs (caller, called) whose connections are refused and, when it begins, cut.</summary>
    public ConcurrentDictionary<(ulong, ulong), bool> Cut { get; } = new();

    public int SegmentBytes { get; init; } = 256 << 10;

    public long Retained { get; init; } = 5_000;

    public string Notices => string.Join("\n", _notices.TakeLast(20));

    public static async Task<Cluster> StartAsync(int voters)
    {
        var cluster = new Cluster([.. Enumerable.Range(1, voters).Select(static one => (ulong)one)]);
        await Task.WhenAll(cluster.Founders.Select(one => cluster.StartMemberAsync(one)));
        return cluster;
    }

    public async Task<Member> StartMemberAsync(ulong id, ListSnapshot? disk = null, ListReplica? given = null, IReadOnlyList<ulong>? founders = null)
    {
        var replica = given ?? new ListReplica(disk);
        var options = new RaftOptions
        {
            Folder = Path.Combine(Folder, id.ToString("x")), Cluster = Id, Member = id, Founders = founders ?? Founders, Listen = new IPEndPoint(IPAddress.Loopback, 0),
            SegmentBytes = SegmentBytes, RetainedEntries = Retained, Notice = text => _notices.Enqueue($"{id}: {text}"), Failed = e => _notices.Enqueue($"{id}: FAILED {e}"),
        };
        var security = new CuttableTransport(this, id);
        var node = await RaftNode.StartAsync(options, replica, this, security, null, default);
        _ports[id] = ((IPEndPoint)node.EndPoint).Port;
        return Members[id] = new Member(id, node, replica, security);
    }

    public async Task StopMemberAsync(ulong id)
    {
        if (Members.TryRemove(id, out var member)) await InTimeAsync(member.Node.DisposeAsync().AsTask(), $"{id} stopped");
    }

    /// <summary>Waits for something that must end by itself.</summary>
    public async Task<T> InTimeAsync<T>(ValueTask<T> task, string what)
    {
        var running = task.AsTask();
        await InTimeAsync((Task)running, what);
        return await running;
    }

    public async Task InTimeAsync(Task task, string what)
    {
        if (await Task.WhenAny(task, Task.Delay(Wait.Deadline)) != task) Assert.Fail($"waited in vain for: {what}\n{Notices}");
        await task;
    }

    public void CutOff(ulong id)
    {
        foreach (var other in _ports.Keys.Where(one => one != id)) Cut[(id, other)] = Cut[(other, id)] = true;
        foreach (var member in Members.Values) member.Security.DropCut();
    }

    public void Heal() => Cut.Clear();

    public bool TryFind(ulong member, out PeerAddress address)
    {
        address = _ports.TryGetValue(member, out var port) ? new PeerAddress("127.0.0.1", port) : default;
        return port != 0;
    }

    /// <summary>Waits until the members agree on a leader among them that has committed in its term.</summary>
    public async Task<Member> LeaderAsync(params ulong[] without)
    {
        using var limit = new CancellationTokenSource(Wait.Deadline);
        while (true)
        {
            var members = Members.Values.Where(one => !without.Contains(one.Id)).ToArray();
            var leader = members.FirstOrDefault(static one => one.Node.Leadership.IsLocal);
            if (leader is not null && members.All(one => one.Node.Leadership.Leader == leader.Id || !one.Node.Voters.Contains(one.Id)))
            {
                var read = await leader.Node.ReadIndexAsync(limit.Token);
                if (read.Error is null) return leader;
            }

            if (limit.IsCancellationRequested) Assert.Fail($"no leader: {string.Join(" | ", members.Select(static one => $"{one.Id}: {one.Node.Leadership}"))}\n{Notices}");
            await Task.Delay(5);
        }
    }

    /// <summary>Proposes until it is appended, then waits until it is applied where it was proposed.</summary>
    public async Task WriteAsync(Member at, string text)
    {
        using var limit = new CancellationTokenSource(Wait.Deadline);
        Proposed proposed;
        while ((proposed = await at.Node.ProposeAsync(Encoding.UTF8.GetBytes(text), limit.Token)) == Proposed.Refused) await Task.Delay(5, limit.Token);
        Assert.Equal(Proposed.Appended, proposed);
        await at.Replica.UntilAsync(replica => replica.Entries.Contains(text), $"{text} applied at {at.Id}; {Notices}");
    }

    public async Task AgreeAsync(params ulong[] without)
    {
        var members = Members.Values.Where(one => !without.Contains(one.Id)).ToArray();
        var most = members.Max(static one => one.Node.CommittedIndex);
        foreach (var member in members) await member.Replica.UntilAsync(replica => replica.AppliedIndex >= most, $"entry {most} at {member.Id}; {Notices}");
        foreach (var member in members)
        {
            Assert.Null(member.Replica.Wrong);
            Assert.Equal(members[0].Replica.Entries.Take(members[0].Replica.Entries.Count), member.Replica.Entries);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await InTimeAsync(Task.WhenAll(Members.Values.Select(static one => one.Node.DisposeAsync().AsTask())), "all stopped");
        Directory.Delete(Folder, recursive: true);
    }
}

internal sealed record Member(ulong Id, RaftNode Node, ListReplica Replica, CuttableTransport Security);

/// <summary>A transport that can be cut between two members.</summary>
internal sealed class CuttableTransport(Cluster cluster, ulong self) : ITransportSecurity
{
    private readonly ConcurrentDictionary<Stream, ulong> _open = new();

    public ValueTask<Stream> AuthenticateAsClientAsync(Stream connection, ulong member, PeerAddress address, CancellationToken cancel)
    {
        if (cluster.Cut.ContainsKey((self, member))) throw new IOException("the link is cut");
        _open[connection] = member;
        if (cluster.Cut.ContainsKey((self, member))) throw new IOException("the link is cut");
        return new(connection);
    }

    public ValueTask<Caller> AuthenticateAsServerAsync(Stream connection, CancellationToken cancel) => new(new Caller(connection, null));

    public void DropCut()
    {
        foreach (var (stream, member) in _open)
        {
            if (cluster.Cut.ContainsKey((self, member))) stream.Dispose();
        }
    }
}
