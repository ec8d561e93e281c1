using System.Globalization;
using System.Net;
using System.Text;
using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Raft;
using Mgmt.Mesh.Raft.Wire;

namespace Mgmt.Mesh.Tests.Raft;

/// <summary>
/// A member as a process, to be killed: it proposes without end and prints "ack TEXT" for what it has applied of that. Its state is kept in a file now and then.
/// It obeys "quiet" (propose no more), "one TEXT" (propose this) and "dump FILE" (write all entries).
/// </summary>
internal sealed class MemberChild : IPeerDirectory
{
    private static readonly Lock Saying = new();
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(int.Parse(Environment.GetEnvironmentVariable("MGMT_PATIENCE_MS") ?? "2000", CultureInfo.InvariantCulture));
    private readonly int[] _ports;

    private MemberChild(int[] ports) => _ports = ports;

    public static async Task<int> RunAsync(string folder, int id, string ports, int workers)
    {
        var child = new MemberChild([.. ports.Split(',').Select(static port => int.Parse(port, CultureInfo.InvariantCulture))]);
        var state = Path.Combine(folder, "state");
        var replica = new FileReplica(state, File.Exists(state) ? await ReadAsync(state) : null);
        var options = new RaftOptions
        {
            Folder = Path.Combine(folder, "raft"), Cluster = 1, Member = (ulong)id, Founders = [.. Enumerable.Range(1, child._ports.Length).Select(static one => (ulong)one)],
            Listen = new IPEndPoint(IPAddress.Loopback, child._ports[id - 1]), SegmentBytes = 128 << 10, RetainedEntries = 200,
            Failed = static e => Say($"FAILED {e}"), Notice = static text => Say($"notice {text}"),
        };
        RaftNode node;
        try
        {
            node = await RaftNode.StartAsync(options, replica.List, child, PlainTransport.Instance, null, default);
        }
        catch (IOException e)
        {
            Say($"refused {e.Message}");
            return 3;
        }

        Say("ready");
        using var quiet = new CancellationTokenSource();
        var load = Task.WhenAll(Enumerable.Range(0, workers).Select(worker => ProposeAllAsync(node, replica.List, $"{id}.{Environment.ProcessId}.{worker}", quiet.Token)));
        var keep = replica.KeepAllAsync(quiet.Token);
        while (await Console.In.ReadLineAsync() is { } line)
        {
            if (line == "quiet")
            {
                await quiet.CancelAsync();
                await load;
                Say("quiet");
            }

            if (line.StartsWith("one ", StringComparison.Ordinal)) Say(await ProposeAsync(node, replica.List, line[4..]) is { } why ? $"no {line[4..]} {why}" : $"ack {line[4..]}");
            if (line.StartsWith("dump ", StringComparison.Ordinal)) await DumpAsync(line[5..], node, replica.List);
        }

        await load;
        await keep;
        await node.DisposeAsync();
        return 0;
    }

    public bool TryFind(ulong member, out PeerAddress address)
    {
        address = new PeerAddress("127.0.0.1", _ports[(int)member - 1]);
        return true;
    }

    private static async Task ProposeAllAsync(RaftNode node, ListReplica replica, string name, CancellationToken quiet)
    {
        for (var i = 0; !quiet.IsCancellationRequested; i++)
        {
            if (await ProposeAsync(node, replica, $"{name}.{i}") is null) Say($"ack {name}.{i}");
            else await Task.Delay(10, CancellationToken.None);
        }
    }

    private static async Task<string?> ProposeAsync(RaftNode node, ListReplica replica, string text)
    {
        var seen = replica.SeenAsync(text);
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            var proposed = await node.ProposeAsync(Encoding.UTF8.GetBytes(text), limit.Token);
            if (proposed != Proposed.Appended) return proposed.ToString();
            await seen.WaitAsync(limit.Token);
            return null;
        }
        catch (OperationCanceledException)
        {
            return "late";
        }
    }

    private static async Task DumpAsync(string file, RaftNode node, ListReplica replica)
    {
        // A barrier through the leader: what was acknowledged anywhere is applied here then.
        ReadIndex read;
        while ((read = await node.ReadIndexAsync(default)).Error is not null) await Task.Delay(20);
        while (replica.AppliedIndex < read.Index) await Task.Delay(5);
        await File.WriteAllLinesAsync(file, replica.Wrong is { } wrong ? [$"WRONG {wrong}"] : replica.Entries);
        Say("dumped");
    }

    private static async Task<ListSnapshot> ReadAsync(string path)
    {
        await using var file = File.OpenRead(path);
        using var head = new BinaryReader(file, Encoding.UTF8, leaveOpen: true);
        return await ListSnapshot.ReadAsync(head.ReadInt64(), head.ReadInt64(), file, default);
    }

    private static void Say(string line)
    {
        lock (Saying) Console.Out.WriteLine(line);
    }

    /// <summary>Keeps the state in a file, whole, before it says so.</summary>
    private sealed class FileReplica(string path, ListSnapshot? disk)
    {
        public ListReplica List { get; } = new(disk) { Keeping = snapshot => Write(path, snapshot), Led = static one => Say($"leads {one.Term} {one.Leader}") };

        public async Task KeepAllAsync(CancellationToken quiet)
        {
            while (!quiet.IsCancellationRequested)
            {
                try
                {
                    List.Keep();
                }
                catch (IOException e)
                {
                    Say($"notice not kept: {e.Message}");
                }

                await Task.Delay(100, CancellationToken.None);
            }
        }

        private static void Write(string path, ListSnapshot snapshot)
        {
            using (var file = File.Create(path + ".new"))
            {
                file.Write(BitConverter.GetBytes(snapshot.Index));
                file.Write(BitConverter.GetBytes(snapshot.Term));
                snapshot.WriteAsync(file, default).AsTask().GetAwaiter().GetResult();
                file.Flush(flushToDisk: true);
            }

            File.Move(path + ".new", path, overwrite: true);
        }
    }
}
