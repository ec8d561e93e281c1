using System.Diagnostics;
using Mgmt.Mesh.Consensus;

namespace Mgmt.Mesh.Tests.Raft;

/// <summary>Members in one process that agree.</summary>
public sealed class ClusterTests
{
    [Fact]
    public async Task A_sole_voter_leads_at_once_and_keeps_what_it_committed()
    {
        await using var cluster = new Cluster(1);
        var one = await cluster.StartMemberAsync(1);
        Assert.True(one.Node.Leadership.IsLocal);
        for (var i = 0; i < 20; i++) await cluster.WriteAsync(one, $"w{i}");
        await cluster.StopMemberAsync(1);
        var start = Stopwatch.GetTimestamp();
        one = await cluster.StartMemberAsync(1);
        Assert.Null((await one.Node.ReadIndexAsync(default)).Error);
        var took = Stopwatch.GetElapsedTime(start);
        await one.Replica.UntilAsync(static replica => replica.Entries.Count == 20, "all entries again");
        Assert.Equal(Enumerable.Range(0, 20).Select(static i => $"w{i}"), one.Replica.Entries);
        Assert.Null(one.Replica.Wrong);
        Assert.True(took < TimeSpan.FromSeconds(2), $"took {took}");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public async Task Every_member_takes_proposals_and_all_agree(int voters)
    {
        await using var cluster = await Cluster.StartAsync(voters);
        await cluster.LeaderAsync();
        await Task.WhenAll(cluster.Members.Values.Select(async member =>
        {
            for (var i = 0; i < 20; i++) await cluster.WriteAsync(member, $"{member.Id}-{i}");
        }));
        await cluster.AgreeAsync();
        Assert.Equal(20 * voters, cluster.Members[1].Replica.Entries.Count);
    }

    [Fact]
    public async Task Every_member_reads_and_asks_at_the_leader()
    {
        await using var cluster = await Cluster.StartAsync(3);
        var leader = await cluster.LeaderAsync();
        await cluster.WriteAsync(leader, "x");
        foreach (var member in cluster.Members.Values)
        {
            var read = await member.Node.ReadIndexAsync(default);
            Assert.Null(read.Error);
            Assert.True(read.Index >= leader.Replica.AppliedIndex - 1);
            Assert.Equal("who"u8.ToArray(), (await member.Node.AskLeaderAsync("who"u8.ToArray(), default))!.Value.ToArray());
        }
    }
}
