using System.Globalization;
using Mgmt.Mesh.Masters;

namespace Mgmt.Mesh.Tests.Masters;

/// <summary>The masters policy over random meshes: what must hold for each change, and where the changes end. A failure names its seed.</summary>
public sealed class PolicyPropertyTests
{
    private static readonly int Meshes = int.Parse(Environment.GetEnvironmentVariable("MGMT_SIM_RUNS") ?? "120", CultureInfo.InvariantCulture);

    // Everything that is waited for is over by then: voters that do not come back, zones that could be spread better.
    private const int QuietSeconds = 300;

    public static TheoryData<int> Seeds => [1, 2, 3];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_mesh_comes_to_rest_at_its_target_and_no_change_costs_the_quorum(int seed)
    {
        for (var i = 0; i < Meshes; i++)
        {
            var random = new Random((seed * 100_000) + i);
            var mesh = RandomMesh(random);
            var name = $"seed {(seed * 100_000) + i}:\n{Describe(mesh)}";
            var changes = new List<string>();
            var lastChange = 0;
            while (mesh.Seconds < lastChange + QuietSeconds)
            {
                var before = Situation.Of(mesh);
                var decision = mesh.Step();
                if (decision.Change is not { } change) continue;
                changes.Add($"{mesh.Seconds} {change}: {decision.Reason}");
                lastChange = mesh.Seconds;
                Assert.True(lastChange < 400, $"no rest after {lastChange} s\n{name}\n{string.Join('\n', changes)}");
                before.Check(change, Situation.Of(mesh), $"{name}\n{string.Join('\n', changes)}");
            }

            CheckRest(mesh, $"{name}\n{string.Join('\n', changes)}");
        }
    }

    [Fact]
    public void The_same_sight_gives_the_same_decision_in_whatever_order_it_is_told()
    {
        for (var seed = 0; seed < Meshes; seed++)
        {
            var sight = RandomMesh(new Random(seed)).Sight();
            var random = new Random(seed);
            var other = sight with { Members = [.. sight.Members.OrderBy(_ => random.Next())], Volunteers = [.. sight.Volunteers.OrderBy(_ => random.Next())] };
            var policy = new MastersPolicy(new());
            var (one, two) = (policy.Next(sight, MastersMemory.Empty, TimeSpan.Zero), policy.Next(other, MastersMemory.Empty, TimeSpan.Zero));
            Assert.Equal((one.Change, one.Reason), (two.Change, two.Reason));
        }
    }

    // A mesh whose voters, at the beginning, have a majority; what is dead stays so, what is broken too.
    private static TableMesh RandomMesh(Random random)
    {
        var mesh = new TableMesh { Ideal = random.Next(1, 10) };
        var zones = random.Next(1, 7);
        var voters = random.Next(1, 8);
        for (var i = 0; i < voters; i++) mesh.Add($"v{i}", $"z{random.Next(zones)}", votes: true);
        for (var i = random.Next(0, 12); i > 0; i--) mesh.Add($"w{i}", $"z{random.Next(zones)}", votes: false);
        for (var deaths = random.Next(0, voters - (voters / 2)); deaths > 0; deaths--)
        {
            var victim = mesh.Voters[random.Next(1, voters)];
            (victim.SilentSince, victim.Volunteers) = (TimeSpan.FromSeconds(-random.Next(1, 60)), false);
        }

        foreach (var host in mesh.Hosts.Values)
        {
            if (random.Next(8) == 0) mesh.Drained.Add(host.Id);
            if (random.Next(10) == 0) mesh.Wishes[host.Id] = random.Next(2) == 0 ? VoteWish.Promote : VoteWish.Demote;
            if (random.Next(6) == 0) host.Losses = random.Next(5);
            if (!host.Votes && random.Next(8) == 0) (host.Learns, host.Record, host.Lag) = (true, MemberRecord.Learner, null);
        }

        return mesh;
    }

    private static void CheckRest(TableMesh mesh, string name)
    {
        Assert.True(mesh.Learners.Count == 0, $"somebody still learns\n{name}");
        var usable = mesh.Hosts.Values.Where(one => one.SilentSince is null && one.Volunteers && !IsUnwanted(mesh, one)).ToList();
        var target = Quorum.OddUpTo(Math.Min(Quorum.OddUpTo(mesh.Ideal), usable.Count));
        if (usable.Count == 0) return;
        Assert.True(mesh.Voters.Count == target, $"{mesh.Voters.Count} voters, not {target}\n{name}");
        Assert.True(mesh.Voters.All(usable.Contains), $"a voter that should not be\n{name}");
        Assert.True(mesh.Voters.Any(one => one.Id == mesh.Leader), $"the leader has no vote\n{name}");
        var wished = usable.Where(one => mesh.Wishes.GetValueOrDefault(one.Id) == VoteWish.Promote).ToList();
        Assert.Equal(Math.Min(wished.Count, target), mesh.Voters.Count(wished.Contains));
        if (wished.Count == 0) Assert.True(SquaresOf(mesh.Voters) == LeastSquares(usable, target), $"the zones could be kept apart better\n{name}");
    }

    private static bool IsUnwanted(TableMesh mesh, TableHost host) => mesh.Drained.Contains(host.Id) || mesh.Wishes.GetValueOrDefault(host.Id) == VoteWish.Demote;

    private static int SquaresOf(IEnumerable<TableHost> hosts) => hosts.GroupBy(static one => one.Zone).Sum(static zone => zone.Count() * zone.Count());

    // Another way to the same number than the policy's: each further vote costs 2k+1 in a zone of k, and the cheapest ones are taken.
    private static int LeastSquares(IReadOnlyList<TableHost> usable, int size) =>
        usable.GroupBy(static one => one.Zone).SelectMany(static zone => Enumerable.Range(0, zone.Count()).Select(static k => (2 * k) + 1)).Order().Take(size).Sum();

    private static string Describe(TableMesh mesh) => $"ideal {mesh.Ideal}\n" + string.Join('\n', mesh.Hosts.Values.Select(one =>
        $"{(one.Votes ? "voter" : one.Learns ? "learner" : "volunteer")} {one.Name} {one.Zone}{(one.SilentSince is { } since ? $" silent since {since.TotalSeconds}" : "")}"
        + $"{(mesh.Drained.Contains(one.Id) ? " drained" : "")} {mesh.Wishes.GetValueOrDefault(one.Id)}"));

    private sealed record Situation(HashSet<ulong> Voters, HashSet<ulong> Answering, HashSet<ulong> Ready, ulong Leader)
    {
        public static Situation Of(TableMesh mesh) => new(
            [.. mesh.Voters.Select(static one => one.Id)],
            [.. mesh.Voters.Where(one => one.SilentSince is not { } since || mesh.Now - since < mesh.Options.HeardWithin).Select(static one => one.Id)],
            [.. mesh.Learners.Where(static one => one is { Lag: 0, SilentSince: null }).Select(static one => one.Id)],
            mesh.Leader);

        public void Check(MastersChange change, Situation after, string name)
        {
            var coming = after.Voters.Except(Voters).ToList();
            var going = Voters.Except(after.Voters).ToList();
            Assert.True(coming.Count + going.Count <= 1, $"more than one change\n{name}");
            Assert.True(coming.All(Ready.Contains), $"a vote for one that is not up to date\n{name}");
            var counted = Answering.Intersect(after.Voters).Count();
            if (coming.Count == 0 || Voters.Count > 1) Assert.True(counted >= Quorum.Majority(after.Voters.Count), $"{counted} of {after.Voters.Count} answer after it\n{name}");
            if (going.Any(Answering.Contains)) Assert.True(Answering.Count == Voters.Count, $"an answering voter goes while another is silent\n{name}");
            Assert.True(!going.Contains(Leader), $"the leader takes itself out\n{name}");
            if (change is MastersChange.HandOver) Assert.True(Answering.Contains(change.Member) && change.Member != Leader, $"no heir\n{name}");
        }
    }
}
