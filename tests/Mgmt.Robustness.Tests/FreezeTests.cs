using System.Globalization;
using Mgmt.Robustness.Histories;
using Mgmt.Robustness.Storms;
using Mgmt.Robustness.Voters;
using Xunit.Abstractions;

namespace Mgmt.Robustness;

/// <summary>Processes that stand still for longer than the others wait, and then go on as if nothing had been.</summary>
public sealed class FreezeTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    public static TheoryData<string> All => Subjects.All;

    /// <summary>Reads that wait in the sockets of a leader that stands, while another leads and writes, are answered when it goes on: rightly or not at all.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public Task A_leader_that_stood_still_answers_no_stale_read(string subject) => Storm.RunAsync(Subject.Of(subject), output, 5, async storm =>
    {
        for (var round = 0; round < 3; round++)
        {
            var old = await storm.Cluster.LeaderAsync();
            var others = storm.Cluster.Voters.Where(one => one != old).ToList();
            old.Freeze();
            storm.Cluster.Note($"the leader, {old.Name}, is frozen");
            var reads = new List<Task>();
            void Ask(string key) => reads.AddRange(Enumerable.Range(0, 5).Select(i => storm.Load.DoAsync(old, new(Act.Read, key, default, 0, 0) { Note = "to the frozen leader:" }, Long)));
            Ask("reg/0");
            var leader = await storm.Cluster.LeaderAsync(others);
            storm.Cluster.Note($"{leader.Name} leads");
            foreach (var key in new[] { "reg/0", "reg/1" })
            {
                await storm.Load.DoAsync(leader, new(Act.Put, key, default, 0, 0) { Value = storm.Load.History.NextValue(), Note = string.Create(CultureInfo.InvariantCulture, $"round {round}:") }, Long);
                Ask(key);
            }

            old.Thaw();
            storm.Cluster.Note($"{old.Name} goes on");
            await Task.WhenAll(reads);
            await storm.Cluster.ReadyAsync();
        }
    }, hasTenants: subject != Subject.Etcd.Name); // etcd 3.4 lets a leader that was replaced renew and revoke leases.

    [Theory]
    [MemberData(nameof(All))]
    public Task Any_are_killed_or_stand_still_at_random(string subject) =>
        Storm.RunAsync(Subject.Of(subject), output, Chaos.Seed + 1, storm => new Chaos(storm.Cluster, Chaos.Seed + 1).RunAsync(freezes: true), hasTenants: subject != Subject.Etcd.Name);
}
