using Grpc.Core;
using Mgmt.Robustness.Storms;
using Mgmt.Robustness.Voters;
using Xunit.Abstractions;

namespace Mgmt.Robustness;

/// <summary>Disks without room, and disks that are empty all of a sudden.</summary>
public sealed class DiskTests(ITestOutputHelper output)
{
    private const int DiskMiB = 256;
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(5);

    public static TheoryData<string> All => Subjects.All;

    /// <summary>One disk is full: whether its voter stops or goes on, nothing that was acknowledged is lost, and with room again it is a voter like the others.</summary>
    [MountTheory]
    [MemberData(nameof(All))]
    public Task A_voters_disk_is_full(string subject) => Storm.RunAsync(Subject.Of(subject), output, 6, async storm =>
    {
        var voter = await storm.Cluster.LeaderAsync();
        voter.FillDisk();
        storm.Cluster.Note($"the disk of the leader, {voter.Name}, is full");
        await FillHistoryAsync(storm, voter);
        await storm.DoneAsync(200);
        var ends = await voter.EndsAsync(Moment);
        storm.Cluster.Note($"{voter.Name} {(ends ? "ended" : "goes on")}");
        if (!ends) await voter.KillAsync();
        voter.EmptyDisk();
        storm.Cluster.Start(voter);
        await storm.Cluster.ReadyAsync();
    }, DiskMiB);

    /// <summary>All disks are full: what was acknowledged until then is there when there is room again.</summary>
    [MountTheory]
    [MemberData(nameof(All))]
    public Task All_disks_are_full(string subject) => Storm.RunAsync(Subject.Of(subject), output, 7, async storm =>
    {
        foreach (var voter in storm.Cluster.Voters) voter.FillDisk();
        storm.Cluster.Note("all disks are full");
        await FillHistoryAsync(storm, null);
        foreach (var voter in storm.Cluster.Voters)
        {
            storm.Cluster.Note($"{voter.Name} {(voter.IsRunning ? "goes on" : "ended")}");
            await voter.KillAsync();
            voter.EmptyDisk();
        }

        storm.Cluster.StartAll();
        await storm.Cluster.ReadyAsync();
    }, DiskMiB);

    /// <summary>A voter that lost everything comes back by the API's own means: as a new member in the place of the old.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public Task A_voter_that_lost_everything_is_replaced(string subject) => Storm.RunAsync(Subject.Of(subject), output, 8, async storm =>
    {
        await storm.DoneAsync(2500);
        var leader = await storm.Cluster.LeaderAsync();
        var (lost, other) = (storm.Cluster.Voters.First(one => one != leader), storm.Cluster.Voters.Last(one => one != leader));
        var id = (await VoterCluster.StatusAsync(lost))!.Header.MemberId;
        await lost.KillAsync();
        lost.Wipe();
        storm.Cluster.Note($"{lost.Name} lost everything");
        await storm.Cluster.UntilAsync("the lost member is removed", async () => (await other.Client.Cluster.MemberRemoveAsync(new() { ID = id }, EtcdClient.Within(Moment))).Members.Count == 2);
        await storm.Cluster.UntilAsync("its successor is added", async () => (await other.Client.Cluster.MemberAddAsync(new() { PeerURLs = { lost.PeerUrl } }, EtcdClient.Within(Moment))).Members.Count == 3);
        storm.Cluster.Start(lost, joins: true);
        await storm.Cluster.ReadyAsync(lost);
        await storm.DoneAsync(200);
    });

    /// <summary>Started as ever with an empty directory, our voter takes the place that it had. etcd has no such thing.</summary>
    [Fact]
    public Task A_voter_that_lost_everything_comes_back_by_itself() => Storm.RunAsync(Subject.Mgmt, output, 9, async storm =>
    {
        await storm.DoneAsync(1000);
        var leader = await storm.Cluster.LeaderAsync();
        var lost = storm.Cluster.Voters.First(one => one != leader);
        await lost.KillAsync();
        lost.Wipe();
        storm.Cluster.Note($"{lost.Name} lost everything");
        storm.Cluster.Start(lost);
        await storm.Cluster.ReadyAsync(lost);
        await storm.DoneAsync(200);
    });

    // Writes until a voter has ended, or nobody takes any more, or it is plain that all of them can go on.
    private static async Task FillHistoryAsync(Storm storm, Voter? filled)
    {
        var value = new string('x', 100_000);
        var through = storm.Cluster.Voters.Where(one => one != filled).ToList();
        for (var (i, failures) = (0, 0); i < 400 && failures < 8; i++)
        {
            if (filled is { IsRunning: false } || storm.Cluster.Voters.Count(static one => one.IsRunning) < 2) return;
            try
            {
                await through[i % through.Count].Client.PutAsync($"fill/{i % 10}", value, Moment);
                failures = 0;
            }
            catch (RpcException)
            {
                failures++;
                await Task.Delay(50);
            }
        }
    }
}
