using System.Text;
using Mgmt.Mesh.Consensus;

namespace Mgmt.Mesh.Tests.Raft;

/// <summary>Members that die, come back, or are cut off.</summary>
public sealed class FailureTests
{
    [Fact]
    public async Task The_leader_dies_another_leads_and_the_dead_one_comes_back()
    {
        await using var cluster = await Cluster.StartAsync(3);
        var first = await cluster.LeaderAsync();
        await cluster.WriteAsync(first, "before");
        await cluster.StopMemberAsync(first.Id);
        var second = await cluster.LeaderAsync();
        Assert.True(second.Node.Leadership.Term > first.Node.Leadership.Term);
        for (var i = 0; i < 10; i++) await cluster.WriteAsync(second, $"during{i}");
        var back = await cluster.StartMemberAsync(first.Id);
        await back.Replica.UntilAsync(static replica => replica.Entries.Count == 11, "what it missed; " + cluster.Notices);
        await cluster.WriteAsync(back, "after");
        await cluster.AgreeAsync();
        Assert.Equal("before", back.Replica.Entries[0]);
    }

    [Fact]
    public async Task All_members_stop_and_start_again_with_what_they_had()
    {
        await using var cluster = await Cluster.StartAsync(3);
        var leader = await cluster.LeaderAsync();
        for (var i = 0; i < 50; i++) await cluster.WriteAsync(leader, $"w{i}");
        await Task.WhenAll(cluster.Founders.Select(cluster.StopMemberAsync));
        await Task.WhenAll(cluster.Founders.Select(one => cluster.StartMemberAsync(one)));
        leader = await cluster.LeaderAsync();
        await cluster.WriteAsync(leader, "again");
        await cluster.AgreeAsync();
        Assert.Equal([.. Enumerable.Range(0, 50).Select(static i => $"w{i}"), "again"], leader.Replica.Entries);
    }

    [Fact]
    public async Task A_leader_that_is_cut_off_serves_no_read_and_its_entries_go()
    {
        await using var cluster = await Cluster.StartAsync(3);
        var old = await cluster.LeaderAsync();
        await cluster.WriteAsync(old, "common");
        cluster.CutOff(old.Id);
        for (var i = 0; i < 5; i++) await old.Node.ProposeAsync(Encoding.UTF8.GetBytes($"lost{i}"), default);
        var read = await old.Node.ReadIndexAsync(default);
        Assert.NotNull(read.Error);
        var fresh = await cluster.LeaderAsync(old.Id);
        for (var i = 0; i < 3; i++) await cluster.WriteAsync(fresh, $"won{i}");
        Assert.NotNull((await old.Node.ReadIndexAsync(default)).Error);
        cluster.Heal();
        await old.Replica.UntilAsync(static replica => replica.Entries.Contains("won2"), "the others' entries; " + cluster.Notices);
        await cluster.AgreeAsync();
        Assert.Equal(["common", "won0", "won1", "won2"], old.Replica.Entries.Where(static one => !one.StartsWith("lost", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Proposals_that_wait_at_a_lost_leader_end()
    {
        await using var cluster = await Cluster.StartAsync(3);
        var leader = await cluster.LeaderAsync();
        var follower = cluster.Members.Values.First(one => one.Id != leader.Id);
        await cluster.WriteAsync(follower, "x");
        var stop = cluster.StopMemberAsync(leader.Id);
        var outcomes = new List<Proposed>();
        while (!stop.IsCompleted) outcomes.Add(await follower.Node.ProposeAsync("y"u8.ToArray(), default).AsTask().WaitAsync(Wait.Deadline));
        await stop;
        await cluster.LeaderAsync();
        await cluster.WriteAsync(follower, "z");
        await cluster.AgreeAsync();
        Assert.True(follower.Replica.Entries.Count(static one => one == "y") >= 0, string.Join(",", outcomes));
    }

    [Fact]
    public async Task No_entry_is_lost_or_twice_when_leaders_change_under_load()
    {
        await using var cluster = await Cluster.StartAsync(3);
        await cluster.LeaderAsync();
        using var stop = new CancellationTokenSource();
        var sure = new List<string>();
        var load = Task.WhenAll(Enumerable.Range(0, 6).Select(worker => LoadAsync(cluster, worker, sure, stop.Token)));
        for (var change = 0; change < 4; change++)
        {
            var leader = await cluster.LeaderAsync();
            if (change % 2 == 0)
            {
                await cluster.StopMemberAsync(leader.Id);
                await cluster.LeaderAsync();
                await cluster.StartMemberAsync(leader.Id);
            }
            else
            {
                cluster.CutOff(leader.Id);
                await cluster.LeaderAsync(leader.Id);
                cluster.Heal();
            }
        }

        await stop.CancelAsync();
        await load;
        var last = await cluster.LeaderAsync();
        await cluster.WriteAsync(last, "end");
        await cluster.AgreeAsync();
        Assert.NotEmpty(sure);
        Assert.Empty(sure.Except(last.Replica.Entries));
        Assert.Equal(last.Replica.Entries.Count, last.Replica.Entries.Distinct().Count());
    }

    private static async Task LoadAsync(Cluster cluster, int worker, List<string> sure, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var text = $"{worker}.{i}";
            if (!cluster.Members.TryGetValue((ulong)(worker % 3 + 1), out var member)) goto next;
            if (await member.Node.ProposeAsync(Encoding.UTF8.GetBytes(text), default) != Proposed.Appended) goto next;
            try
            {
                // Seen applied anywhere is committed; a lost leader's entry is never seen.
                for (var wait = 0; wait < 100 && !member.Replica.Entries.TakeLast(500).Contains(text); wait++) await Task.Delay(2, stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            if (member.Replica.Entries.Contains(text)) lock (sure) sure.Add(text);
            continue;
        next:
            await Task.Delay(5, CancellationToken.None);
        }
    }
}
