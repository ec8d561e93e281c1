namespace Mgmt.Mesh.Tests.Raft;

/// <summary>Members that get a snapshot since the log does not reach back to where they are.</summary>
public sealed class SnapshotTests
{
    [Fact]
    public async Task A_member_that_was_away_long_gets_a_snapshot_and_then_the_log()
    {
        await using var cluster = new Cluster(1, 2, 3) { Retained = 10, SegmentBytes = 8 << 10 };
        await Task.WhenAll(cluster.Founders.Select(one => cluster.StartMemberAsync(one)));
        var leader = await cluster.LeaderAsync();
        var away = cluster.Members.Values.First(one => one.Id != leader.Id);
        await cluster.StopMemberAsync(away.Id);
        for (var i = 0; i < 500; i++)
        {
            await cluster.WriteAsync(leader, $"w{i}");
            if (i % 50 == 0) leader.Replica.Keep();
        }

        var back = await cluster.StartMemberAsync(away.Id, away.Replica.Keep());
        await back.Replica.UntilAsync(static replica => replica.Entries.Count == 500, "all entries; " + cluster.Notices);
        Assert.True(back.Replica.Installed > 0);
        await cluster.WriteAsync(back, "after");
        await cluster.AgreeAsync();
        Assert.True(Directory.GetFiles(Path.Combine(cluster.Folder, leader.Id.ToString("x"), "entries"), "*.log").Length < 10);
    }

    [Fact]
    public async Task A_member_that_was_away_shortly_gets_no_snapshot()
    {
        await using var cluster = new Cluster(1, 2, 3) { Retained = 1_000, SegmentBytes = 8 << 10 };
        await Task.WhenAll(cluster.Founders.Select(one => cluster.StartMemberAsync(one)));
        var leader = await cluster.LeaderAsync();
        var away = cluster.Members.Values.First(one => one.Id != leader.Id);
        await cluster.StopMemberAsync(away.Id);
        for (var i = 0; i < 300; i++) await cluster.WriteAsync(leader, $"w{i}");
        leader.Replica.Keep();
        await cluster.WriteAsync(leader, "x");
        var back = await cluster.StartMemberAsync(away.Id, away.Replica.Keep());
        await back.Replica.UntilAsync(static replica => replica.Entries.Count == 301, "all entries; " + cluster.Notices);
        Assert.Equal(0, back.Replica.Installed);
    }

    [Fact]
    public async Task After_a_restart_the_log_goes_on_where_the_kept_state_ends()
    {
        await using var cluster = await Cluster.StartAsync(1);
        var one = cluster.Members[1];
        for (var i = 0; i < 30; i++) await cluster.WriteAsync(one, $"w{i}");
        var disk = one.Replica.Keep();
        for (var i = 30; i < 40; i++) await cluster.WriteAsync(one, $"w{i}");
        await cluster.StopMemberAsync(1);
        one = await cluster.StartMemberAsync(1, disk);
        await one.Replica.UntilAsync(static replica => replica.Entries.Count == 40, "the rest of the log");
        Assert.Null(one.Replica.Wrong);
    }

    [Fact]
    public async Task A_new_member_gets_the_state_and_the_voters_and_then_votes()
    {
        await using var cluster = new Cluster(1, 2, 3) { Retained = 10, SegmentBytes = 8 << 10 };
        await Task.WhenAll(cluster.Founders.Select(one => cluster.StartMemberAsync(one)));
        var leader = await cluster.LeaderAsync();
        for (var i = 0; i < 300; i++)
        {
            await cluster.WriteAsync(leader, $"w{i}");
            if (i % 50 == 0) leader.Replica.Keep();
        }

        var fresh = await cluster.StartMemberAsync(4, founders: []);
        Assert.Null(await leader.Node.AddVoterAsync(4, default));
        await fresh.Replica.UntilAsync(static replica => replica.Entries.Count == 300, "the state; " + cluster.Notices);
        Assert.True(fresh.Replica.Installed > 0);
        Assert.Equal([1UL, 2UL, 3UL, 4UL], leader.Node.Voters);
        await fresh.Replica.UntilAsync(_ => fresh.Node.Voters.Count == 4 && fresh.Node.Leadership.IsKnown, "the voters");
        await cluster.WriteAsync(fresh, "mine");
        await cluster.AgreeAsync();
    }
}
