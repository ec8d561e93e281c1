using Mgmt.Mesh.Raft;
using Mgmt.Store;

namespace Mgmt.Mesh.Tests.Raft;

/// <summary>Who votes changes, and who leads by request.</summary>
public sealed class MemberTests
{
    [Fact]
    public async Task One_voter_grows_to_three_and_shrinks_to_one()
    {
        await using var cluster = await Cluster.StartAsync(1);
        var leader = cluster.Members[1];
        await cluster.WriteAsync(leader, "alone");
        await cluster.StartMemberAsync(2, founders: []);
        await cluster.StartMemberAsync(3, founders: []);
        Assert.Null(await cluster.InTimeAsync(leader.Node.AddVoterAsync(2, default), "AddVoterAsync"));
        Assert.Null(await cluster.InTimeAsync(leader.Node.AddVoterAsync(3, default), "AddVoterAsync"));
        await cluster.WriteAsync(leader, "three");
        await cluster.AgreeAsync();
        Assert.Equal(StoreError.MemberExists, await cluster.InTimeAsync(leader.Node.AddVoterAsync(3, default), "AddVoterAsync"));
        Assert.Null(await cluster.InTimeAsync(leader.Node.RemoveVoterAsync(3, default), "RemoveVoterAsync"));
        await cluster.StopMemberAsync(3);
        Assert.Null(await cluster.InTimeAsync(leader.Node.RemoveVoterAsync(2, default), "RemoveVoterAsync"));
        await cluster.StopMemberAsync(2);
        await cluster.WriteAsync(leader, "alone again");
        Assert.Equal([1UL], leader.Node.Voters);
    }

    /// <summary>Whoever leads two, and takes one of them out, has no majority but itself: what is under way to the other must not cost it the leadership.</summary>
    [Fact]
    public async Task A_leader_leads_on_while_voters_come_and_go_under_writes()
    {
        await using var cluster = await Cluster.StartAsync(1);
        var leader = await cluster.LeaderAsync();
        using var stop = new CancellationTokenSource();
        var writing = PumpAsync(leader.Node, stop.Token);
        var term = leader.Node.Leadership.Term;
        for (var id = 2UL; id < 22 && leader.Node.Leadership.Term == term; id++)
        {
            await cluster.StartMemberAsync(id, founders: []);
            Assert.Null(await cluster.InTimeAsync(leader.Node.AddVoterAsync(id, default), "AddVoterAsync"));
            Assert.Null(await cluster.InTimeAsync(leader.Node.RemoveVoterAsync(id, default), "RemoveVoterAsync"));
            await cluster.WriteAsync(leader, $"without {id}");
            await cluster.StopMemberAsync(id);
        }

        await stop.CancelAsync();
        await writing;
        Assert.Equal((true, term), (leader.Node.Leadership.IsLocal, leader.Node.Leadership.Term));
    }

    [Fact]
    public async Task A_leader_removes_itself_and_the_others_go_on()
    {
        await using var cluster = await Cluster.StartAsync(3);
        var leader = await cluster.LeaderAsync();
        await cluster.WriteAsync(leader, "x");
        Assert.Null(await cluster.InTimeAsync(leader.Node.RemoveVoterAsync(leader.Id, default), "RemoveVoterAsync"));
        await cluster.StopMemberAsync(leader.Id);
        var next = await cluster.LeaderAsync();
        Assert.Equal(2, next.Node.Voters.Count);
        await cluster.WriteAsync(next, "y");
        Assert.Null(await cluster.InTimeAsync(next.Node.RemoveVoterAsync(next.Id, default), "RemoveVoterAsync"));
        await cluster.StopMemberAsync(next.Id);
        var last = await cluster.LeaderAsync();
        await cluster.WriteAsync(last, "z");
        Assert.Equal(["x", "y", "z"], last.Replica.Entries);
    }

    [Fact]
    public async Task The_leadership_goes_to_whom_it_is_given()
    {
        await using var cluster = await Cluster.StartAsync(3);
        var leader = await cluster.LeaderAsync();
        foreach (var target in cluster.Members.Values.Where(one => one.Id != leader.Id).ToArray())
        {
            leader = await cluster.LeaderAsync();
            Assert.Null(await cluster.InTimeAsync(leader.Node.TransferAsync(target.Id, default), "TransferAsync"));
            Assert.Equal(target.Id, (await cluster.LeaderAsync()).Id);
            await cluster.WriteAsync(leader, $"under {target.Id}");
        }

        await cluster.AgreeAsync();
        Assert.Equal(StoreError.NotLeader, await cluster.Members.Values.First(static one => !one.Node.Leadership.IsLocal).Node.AddVoterAsync(9, default));
    }

    private static async Task PumpAsync(RaftNode node, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            await node.ProposeAsync(new byte[100], CancellationToken.None);
            await Task.Delay(1, CancellationToken.None);
        }
    }
}
