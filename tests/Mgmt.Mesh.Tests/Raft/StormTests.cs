using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Mgmt.Mesh.Tests.Raft;

/// <summary>Members as processes that are killed under load: nothing that was acknowledged may be missing. MGMT_STORM_SECONDS makes it longer.</summary>
public sealed partial class StormTests
{
    private const int Enough = 100;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Nothing_acknowledged_is_missing_after_a_storm_of_kills()
    {
        var seconds = int.Parse(Environment.GetEnvironmentVariable("MGMT_STORM_SECONDS") ?? "8", CultureInfo.InvariantCulture);
        var seed = int.Parse(Environment.GetEnvironmentVariable("MGMT_STORM_SEED") ?? "1", CultureInfo.InvariantCulture);
        var random = new Random(seed);
        await using var cluster = new ChildCluster(3, 8);
        for (var id = 1; id <= 3; id++) cluster.Start(id);
        var begun = Stopwatch.GetTimestamp();
        var kills = 0;

        // On a machine that is busy with other things it takes longer until a storm says anything.
        while (Stopwatch.GetElapsedTime(begun) is var since && (since < TimeSpan.FromSeconds(seconds) || (since < Deadline && cluster.Acknowledged.Count <= Enough)))
        {
            await Task.Delay(random.Next(200, 2500));
            var victims = random.Next(3) == 0 ? [1, 2, 3] : new[] { random.Next(1, 4) };
            foreach (var id in victims) cluster.Kill(id);
            kills += victims.Length;
            await Task.Delay(random.Next(0, 600));
            foreach (var id in victims) cluster.Start(id);
        }

        var dumps = await DumpAllAsync(cluster);
        var said = string.Join("\n", cluster.Said.Where(static line => !line.Contains("notice", StringComparison.Ordinal)).TakeLast(20));
        Assert.DoesNotContain(cluster.Said, static line => line.Contains("FAILED", StringComparison.Ordinal) || line.Contains("refused", StringComparison.Ordinal));
        Assert.True(cluster.Acknowledged.Count > Enough, $"seed {seed}: {kills} kills, only {cluster.Acknowledged.Count} acknowledged\n{said}");
        foreach (var dump in dumps)
        {
            Assert.Empty(cluster.Acknowledged.Except(dump));
            Assert.Equal(dump.Length, dump.Distinct().Count());
            var common = Math.Min(dump.Length, dumps[0].Length);
            Assert.Equal(dumps[0].Take(common), dump.Take(common));
        }

        Console.WriteLine($"storm: seed {seed}, {kills} kills, {cluster.Acknowledged.Count} acknowledged");
    }

    [Fact]
    public async Task A_leader_that_was_stopped_serves_no_stale_barrier_and_the_others_go_on()
    {
        await using var cluster = new ChildCluster(3, 0);
        for (var id = 1; id <= 3; id++) cluster.Start(id);
        await WriteAsync(cluster, 1, "a");
        for (var id = 1; id <= 3; id++) await WriteAsync(cluster, id, $"from{id}");
        for (var id = 1; id <= 3; id++)
        {
            Assert.Equal(0, Kill(cluster[id].ProcessId, SigStop));
            await WriteAsync(cluster, id % 3 + 1, $"while {id} sleeps");
            Assert.Equal(0, Kill(cluster[id].ProcessId, SigCont));
            var file = Path.Combine(cluster.Folder, $"dump{id}");
            cluster[id].Tell($"dump {file}");
            await cluster[id].HearAsync(static line => line == "dumped", Deadline);
            Assert.Contains(await File.ReadAllLinesAsync(file), line => line.StartsWith($"while {id} sleeps", StringComparison.Ordinal));
        }
    }

    private const int SigStop = 19;
    private const int SigCont = 18;

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);

    private static async Task WriteAsync(ChildCluster cluster, int id, string text)
    {
        var begun = Stopwatch.GetTimestamp();
        for (var i = 0; ; i++)
        {
            var one = $"{text}{(i == 0 ? "" : $" again {i}")}";
            var line = await cluster[id].ProposeAsync(one, Deadline);
            if (line.StartsWith("ack", StringComparison.Ordinal)) break;
            Assert.True(Stopwatch.GetElapsedTime(begun) < Deadline, $"{text} at {id}: {line}\n{string.Join("\n", cluster.Said.TakeLast(20))}");
            await Task.Delay(20);
        }
    }

    private static async Task<string[][]> DumpAllAsync(ChildCluster cluster)
    {
        for (var id = 1; id <= 3; id++) cluster[id].Tell("quiet");
        for (var id = 1; id <= 3; id++) await cluster[id].HearAsync(static line => line == "quiet", Deadline);
        var dumps = new string[3][];
        for (var id = 1; id <= 3; id++)
        {
            var file = Path.Combine(cluster.Folder, $"dump{id}");
            cluster[id].Tell($"dump {file}");
            await cluster[id].HearAsync(static line => line == "dumped", Deadline);
            dumps[id - 1] = await File.ReadAllLinesAsync(file);
        }

        return dumps;
    }
}
