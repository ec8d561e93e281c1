using Mgmt.Robustness.Storms;
using Mgmt.Robustness.Voters;
using Xunit.Abstractions;

namespace Mgmt.Robustness;

/// <summary>kill -9, of whomever and in whatever order, under load.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    public static TheoryData<string> All => Subjects.All;

    public static TheoryData<string> AllAndJudge => Subjects.AllAndJudge;

    [Theory]
    [MemberData(nameof(All))]
    public Task The_leader_is_killed_and_comes_back(string subject) => Storm.RunAsync(Subject.Of(subject), output, 2, async storm =>
    {
        for (var i = 0; i < 2; i++)
        {
            var leader = await storm.Cluster.LeaderAsync();
            await storm.DoneAsync(200);
            await leader.KillAsync();
            storm.Cluster.Note($"kill -9 of the leader, {leader.Name}");

            // The others go on without it.
            await storm.DoneAsync(200);
            storm.Cluster.Start(leader);
            await storm.Cluster.ReadyAsync(leader);
        }
    });

    [Theory]
    [MemberData(nameof(All))]
    public Task A_follower_is_killed_and_comes_back(string subject) => Storm.RunAsync(Subject.Of(subject), output, 3, async storm =>
    {
        for (var i = 0; i < 2; i++)
        {
            var leader = await storm.Cluster.LeaderAsync();
            var follower = storm.Cluster.Voters.First(one => one != leader);
            await storm.DoneAsync(200);
            await follower.KillAsync();
            storm.Cluster.Note($"kill -9 of a follower, {follower.Name}");
            await storm.DoneAsync(200);
            storm.Cluster.Start(follower);
            await storm.Cluster.ReadyAsync(follower);
        }
    });

    [Theory]
    [MemberData(nameof(All))]
    public Task All_are_killed_at_once_and_come_back_in_every_order(string subject) => Storm.RunAsync(Subject.Of(subject), output, 4, async storm =>
    {
        int[][] orders = [[0, 1, 2], [2, 0, 1], [1, 2, 0]];
        foreach (var order in orders)
        {
            await storm.DoneAsync(200);
            await Task.WhenAll(storm.Cluster.Voters.Select(static one => one.KillAsync()));
            storm.Cluster.Note("kill -9 of all");
            foreach (var i in order.Take(2)) storm.Cluster.Start(storm.Cluster.Voters[i]);

            // Two are a majority: what was acknowledged is theirs, whoever comes third.
            await storm.DoneAsync(100);
            storm.Cluster.Start(storm.Cluster.Voters[order[2]]);
            await storm.Cluster.ReadyAsync();
        }
    });

    [Theory]
    [MemberData(nameof(AllAndJudge))]
    public Task Any_are_killed_at_random(string subject) => Storm.RunAsync(Subject.Of(subject), output, Chaos.Seed, storm => new Chaos(storm.Cluster, Chaos.Seed).RunAsync(freezes: false));
}
