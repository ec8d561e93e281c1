using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Raft;
using Mgmt.Mesh.Raft.Wire;

namespace Mgmt.Mesh.Tests.Raft;

/// <summary>Figures of members in one process: from a proposal to its being applied at the proposer, flushed by a majority.</summary>
internal static class Measure
{
    public static async Task<int> RunAsync(string folder)
    {
        foreach (var voters in new[] { 1, 3 })
        {
            await using var cluster = new MeasuredCluster(Path.Combine(folder, $"m{voters}"), voters);
            await cluster.StartAsync();
            var leader = await cluster.LeaderAsync();
            await MeasuredCluster.ProposeAllAsync(leader, 64, TimeSpan.FromSeconds(2));
            await Tell(leader, $"{voters} voters, at the leader", 1);
            await Tell(leader, $"{voters} voters, at the leader", 64);
            if (voters > 1) await Tell(cluster.Nodes.First(one => one != leader), $"{voters} voters, at a follower", 1);
            if (voters > 1) await Tell(cluster.Nodes.First(one => one != leader), $"{voters} voters, at a follower", 64);
            await TellReads(leader, $"{voters} voters, barriers at the leader");
            var cpu = Process.GetCurrentProcess().TotalProcessorTime;
            await Task.Delay(3000);
            Console.WriteLine($"{voters} voters, idle: {(Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalMilliseconds / 30 / voters:F2} % of a core each");
        }

        return 0;
    }

    private static async Task Tell(MeasuredNode node, string what, int proposers)
    {
        var (times, seconds) = await MeasuredCluster.ProposeAllAsync(node, proposers, TimeSpan.FromSeconds(4));
        Console.WriteLine($"{what}, {proposers} proposers: {times.Length / seconds:F0}/s, p50 {times[times.Length / 2]:F2} ms, p99 {times[times.Length * 99 / 100]:F2} ms");
    }

    private static async Task TellReads(MeasuredNode node, string what)
    {
        foreach (var readers in new[] { 1, 64 })
        {
            var (times, seconds) = await MeasuredCluster.RepeatAsync(readers, TimeSpan.FromSeconds(2), async () => { if ((await node.Node!.ReadIndexAsync(default)).Error is { } e) throw new InvalidOperationException(e.Message); });
            Console.WriteLine($"{what}, {readers} readers: {times.Length / seconds:F0}/s, p50 {times[times.Length / 2]:F2} ms, p99 {times[times.Length * 99 / 100]:F2} ms");
        }
    }
}

/// <summary>A member whose state only answers who waits for an entry.</summary>
internal sealed class MeasuredNode : IReplica
{
    private readonly ConcurrentDictionary<long, TaskCompletionSource> _waiting = new();
    private long _next;

    public RaftNode? Node { get; set; }

    public long AppliedIndex { get; private set; }

    public IReplicaSnapshot Snapshot => ListSnapshot.Empty;

    public async Task ProposeAsync(byte[] filler)
    {
        var id = Interlocked.Increment(ref _next);
        var entry = filler.ToArray();
        BitConverter.TryWriteBytes(entry, Node!.Member);
        BitConverter.TryWriteBytes(entry.AsSpan(8), id);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = done;
        var proposed = await Node.ProposeAsync(entry, default);
        if (proposed != Proposed.Appended) throw new InvalidOperationException($"{proposed}");
        await done.Task;
    }

    public void Apply(long index, long term, ReadOnlySpan<byte> entry)
    {
        AppliedIndex = index;
        if (entry.Length >= 16 && BitConverter.ToUInt64(entry) == Node!.Member && _waiting.TryRemove(BitConverter.ToInt64(entry[8..]), out var done)) done.SetResult();
    }

    public ValueTask InstallAsync(long index, long term, Stream content, CancellationToken cancel) => throw new NotSupportedException();

    public void LeadershipChanged(Leadership leadership)
    {
    }

    public ValueTask<ReadOnlyMemory<byte>?> AnswerAsync(ReadOnlyMemory<byte> question, CancellationToken cancel) => new(question);
}

internal sealed class MeasuredCluster(string folder, int voters) : IPeerDirectory, IAsyncDisposable
{
    private readonly ConcurrentDictionary<ulong, int> _ports = new();

    public List<MeasuredNode> Nodes { get; } = [];

    public async Task StartAsync()
    {
        for (var id = 1UL; id <= (ulong)voters; id++)
        {
            var node = new MeasuredNode();
            node.Node = await RaftNode.StartAsync(
                new RaftOptions
                {
                    Folder = Path.Combine(folder, $"{id}"), Cluster = 1, Member = id, Founders = [.. Enumerable.Range(1, voters).Select(static one => (ulong)one)],
                    Listen = new IPEndPoint(IPAddress.Loopback, 0), Failed = static e => Console.Error.WriteLine(e),
                }, node, this, PlainTransport.Instance, null, default);
            _ports[id] = ((IPEndPoint)node.Node.EndPoint).Port;
            Nodes.Add(node);
        }
    }

    public bool TryFind(ulong member, out PeerAddress address)
    {
        address = _ports.TryGetValue(member, out var port) ? new PeerAddress("127.0.0.1", port) : default;
        return port != 0;
    }

    public async Task<MeasuredNode> LeaderAsync()
    {
        while (true)
        {
            if (Nodes.Find(static one => one.Node!.Leadership.IsLocal) is { } leader && (await leader.Node!.ReadIndexAsync(default)).Error is null
                && Nodes.All(static one => one.Node!.Leadership.IsKnown)) return leader;
            await Task.Delay(10);
        }
    }

    public static Task<(double[] Times, double Seconds)> ProposeAllAsync(MeasuredNode node, int proposers, TimeSpan time)
    {
        var filler = Encoding.ASCII.GetBytes(new string('x', 130));
        return RepeatAsync(proposers, time, () => node.ProposeAsync(filler));
    }

    public static async Task<(double[] Times, double Seconds)> RepeatAsync(int workers, TimeSpan time, Func<Task> action)
    {
        var start = Stopwatch.GetTimestamp();
        var all = await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(async () =>
        {
            var times = new List<double>();
            while (Stopwatch.GetElapsedTime(start) < time)
            {
                var begun = Stopwatch.GetTimestamp();
                await action();
                times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }

            return times;
        })));
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var sorted = all.SelectMany(static one => one).ToArray();
        Array.Sort(sorted);
        return (sorted, seconds);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes) await node.Node!.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
