using System.Globalization;
using Mgmt.Mesh.Tests.Masters.Simulation;
using Xunit.Abstractions;

namespace Mgmt.Mesh.Tests.Masters;

/// <summary>
/// Whole meshes on simulated time, the real policy at the leader of a small Raft. MGMT_SIM_SEED plays one seed again, MGMT_SIM_RUNS plays more of them.
/// </summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    // The longest back-off of a nominee, the time to wait for those that do not come back, and to balance, one after another.
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(14);

    // With a wish among them, the test does not know how the voters are spread best: after a back-off, and after that a while, nothing more may come.
    private static readonly TimeSpan WishTime = TimeSpan.FromSeconds(370);

    [Fact]
    public void After_any_storm_a_mesh_comes_to_rest_at_its_target()
    {
        foreach (var seed in Seeds(16))
        {
            var random = new Random(seed);
            var world = MeshOf(seed, random.Next(1, 16), random.Next(1, 6));
            Weather(world, TimeSpan.FromSeconds(random.Next(100, 400)));
        }
    }

    [Fact]
    public void A_thousand_agents_have_five_voters_through_a_storm()
    {
        foreach (var seed in Seeds(1)) Weather(MeshOf(seed, 1000, 7), TimeSpan.FromSeconds(120));
    }

    [Fact]
    public void Growing_and_shrinking_under_writes_loses_none_and_is_never_without_a_quorum()
    {
        var world = MeshOf(Seeds(1)[0], 7, 3, founders: 1);
        var written = 0;
        var longest = TimeSpan.Zero;
        foreach (var size in new[] { 1, 3, 5, 3, 1 })
        {
            world.IdealSize = size;
            for (var i = 0; i < 30_000; i += 10)
            {
                world.Run(TimeSpan.FromMilliseconds(10));
                if (world.Leader is not { } leader) continue;
                if (leader.Raft.IsSettled) longest = TimeSpan.FromTicks(Math.Max(longest.Ticks, (world.Now - world.Checks.CommittedAt).Ticks));
                if (leader.Raft.Propose(SimKind.Write)) written++;
            }

            Assert.Null(world.Checks.Unrest());
        }

        world.Run(Second);
        output.WriteLine($"{written} writes, the longest wait {longest.TotalMilliseconds} ms");
        Assert.Equal(1, world.Checks.Terms);
        Assert.Equal(written, world.Checks.Writes);
        Assert.True(longest < TimeSpan.FromMilliseconds(100), $"no write was committed for {longest.TotalMilliseconds} ms\n{world.Story}");
    }

    private static int[] Seeds(int count)
    {
        if (Environment.GetEnvironmentVariable("MGMT_SIM_SEED") is { Length: > 0 } seed) return [int.Parse(seed, CultureInfo.InvariantCulture)];
        var runs = Environment.GetEnvironmentVariable("MGMT_SIM_RUNS") is { Length: > 0 } more ? int.Parse(more, CultureInfo.InvariantCulture) : count;
        return [.. Enumerable.Range(1, runs)];
    }

    private static SimWorld MeshOf(int seed, int agents, int zones, int founders = 5)
    {
        var world = new SimWorld(seed);
        for (var i = 1; i <= agents; i++) world.Add($"h{i}", $"z{world.Random.Next(zones)}");
        founders = Math.Min(founders, agents);
        world.Found(founders - (founders % 2 == 0 ? 1 : 0));
        return world;
    }

    private void Weather(SimWorld world, TimeSpan storm)
    {
        world.Run(10 * Second);
        var faults = new Storm(world).Rage(storm);
        var calmAt = world.Now;
        while (world.Checks.Unrest() is not null || (world.Checks.HasWishes && world.Now - world.Checks.DecidedAt < WishTime))
        {
            Assert.True(world.Now - calmAt < Settling, $"no rest, {world.Checks.Unrest() ?? "still changes"}\n{world.Story}");
            world.Run(Second);
        }

        var (rest, decisions, terms) = (world.Checks.DecidedAt - calmAt, world.Checks.Decisions, world.Checks.Terms);
        world.Run(TimeSpan.FromMinutes(3));
        Assert.Null(world.Checks.Unrest());
        Assert.True(world.Checks.Decisions == decisions && world.Checks.Terms == terms, $"changes at rest\n{world.Story}");
        output.WriteLine($"{world.Agents.Count} agents, {faults} faults, {terms} terms, {decisions} decisions, {world.Checks.Moves} changes of voters, at rest after {Math.Max(0, rest.TotalSeconds):0} s");
    }
}
