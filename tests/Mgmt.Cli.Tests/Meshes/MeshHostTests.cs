using Mgmt.Cli.Commands.Mesh;
using Mgmt.Cli.Commands.Status;
using Mgmt.Mesh.Client;
using Mgmt.Mesh.Masters;
using Mgmt.Mesh.Wire;

namespace Mgmt.Cli.Tests.Meshes;

/// <summary>What is made of what was read of a mesh.</summary>
public sealed class MeshHostTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    private static readonly MeshFacts Seven = new()
    {
        Cluster = 0xc1,
        Leader = 2,
        Term = 7,
        Revision = 41,
        Size = 4,
        Cards = new[] { Card(1, "a", "east"), Card(2, "b", "west"), Card(4, "d", "west"), Card(5, "e", "east"), Card(6, "f", "west", volunteers: false), Card(8, "h", "", leaving: true) }.ToDictionary(static one => one.Host),
        Members = [Member(1, "a"), Member(2, "b"), Member(3, "c"), Member(4, "d", isLearner: true), Member(7, "", isLearner: true), Member(8, "h")],
        Statuses = new Dictionary<ulong, StatusResponse> { [1] = Status(1, 90), [2] = Status(2, 100), [4] = Status(4, 5) },
        Silent = new HashSet<ulong> { 3, 8 },
        Drained = new HashSet<ulong> { 5 },
        Wishes = new Dictionary<ulong, string> { [4] = "promote", [1] = "demote" },
        Notes = new Dictionary<string, ConvergedNote> { ["a"] = new() { Converged = true, Since = Noon }, ["b"] = new() { Converged = false, Since = Noon }, ["f"] = new() { Converged = true, Since = Noon, Failed = 2 } },
        Exports = new Dictionary<string, IReadOnlyList<string>> { ["z"] = ["svc", "file"], ["a"] = ["file"] },
    };

    [Fact]
    public void Each_host_is_what_the_mesh_and_its_card_make_it() => Assert.Equal(
        """
        HOST  ZONE  ROLE       CONVERGED      LAG  API     VERSION  MARKS
        -     -     unstarted  -              -    m:2379  -
        a     east  voter      yes            10   a:2379  0.1.0    demote
        b     west  leader     no             0    b:2379  0.1.0
        c     -     down       -              -    m:2379  -
        d     west  learner    -              95   d:2379  0.1.0    promote
        e     east  volunteer  -              -    e:2379  0.1.0    drained
        f     west  agent      yes, 2 failed  -    f:2379  0.1.0
        h     -     voter      -              -    h:2379  0.1.0    leaving,silent

        """,
        MeshView.Table(MeshHost.AllOf(Seven)));

    // Of a, b, d, e, f and h only b and d can vote as they should: one is all that two come to.
    [Fact]
    public void The_target_is_the_largest_odd_number_of_those_that_can()
    {
        Assert.Equal((3, 1), (Seven.OddSize, Seven.Target));
        Assert.Equal(3, (Seven with { Drained = new HashSet<ulong>() }).Target);
        Assert.Equal(3, (Seven with { Drained = new HashSet<ulong>(), Wishes = new Dictionary<ulong, string>() }).Target);
        Assert.Equal(1, new MeshFacts { Size = 15 }.Target);
    }

    [Fact]
    public void A_host_tells_of_itself_first() => Assert.Equal(
        """
        b: graph web not converged since 2026-03-04 12:00:00; 4 resources: 3 in order, 1 failed
            failed    5 s  File[x]; last error: cannot write /x\x1b[2J
            in order  1 s  File[w]; watch lost: gone
        collected: 2 resources as they were last known; the mesh does not answer: no leader
        mesh 00000000000000c1: led by b, term 7, revision 41; 4 voters, to become 1 (ideal size 4, so 3); 6 agents, 2 converged
        no quorum (no leader): what follows is what this host knew last
        HOST  
        """.TrimEnd(' '),
        string.Concat(new HostText(TimeZoneInfo.Utc).Of(new(Self(), Seven with { Stale = "no leader" }, null)).Split("HOST  ")[0] + "HOST"));

    [Fact]
    public void Zones_and_exports_come_last()
    {
        var text = new HostText(TimeZoneInfo.Utc).Of(new(null, Seven, new(FailureKind.Refused, "it is old", "")));
        Assert.StartsWith("graph: the agent does not tell: it is old\nmesh 00000000000000c1: led by b", text, StringComparison.Ordinal);
        Assert.EndsWith("zones: none (1 of 1 vote), east (1 of 2 vote), west (1 of 3 vote)\nexports: a (file), z (file, svc)\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, true, "", "collected: 2 resources, as the mesh has them now\n")]
    [InlineData(false, false, "", "collected: 2 resources as remembered from an earlier run; the mesh has not answered yet\n")]
    [InlineData(false, true, "no leader", "collected: 2 resources as they were last known; the mesh does not answer: no leader\n")]
    public void What_is_collected_is_fresh_or_not(bool fresh, bool heard, string problem, string line)
    {
        var self = Self();
        (self.Collection.Fresh, self.Collection.Heard, self.Collection.Problem) = (fresh, heard, problem);
        Assert.Contains(line, new HostText(TimeZoneInfo.Utc).Of(new(self, null, null)), StringComparison.Ordinal);
    }

    [Fact]
    public void Passing_time_is_no_news()
    {
        var facts = new HostFacts(Self(), Seven, null);
        var later = facts with { Self = Self() };
        later.Self!.Resources[0].Seconds = 99;
        var text = new HostText(TimeZoneInfo.Utc);
        Assert.NotEqual(text.Of(facts), text.Of(later));
        Assert.Equal(text.Of(facts.Timeless()), text.Of(later.Timeless()));
    }

    private static DescribeResponse Self() => new()
    {
        Host = "b",
        Graph = "web",
        SinceUnixMilliseconds = Noon.ToUnixTimeMilliseconds(),
        States = { new StateCount { State = ResourceState.InOrder, Count = 3 }, new StateCount { State = ResourceState.Failed, Count = 1 } },
        Resources =
        {
            new ResourceStatus { Kind = "file", Name = "x", State = ResourceState.Failed, Seconds = 5, LastError = "cannot write /x\u001b[2J" },
            new ResourceStatus { Kind = "file", Name = "w", State = ResourceState.InOrder, Seconds = 1, WatchError = "gone" },
            new ResourceStatus { Kind = "file", Name = "y", State = ResourceState.InOrder, Seconds = 1 },
        },
        Collection = new() { Resources = 2, Heard = true, Problem = "no leader" },
    };

    private static AgentCard Card(ulong member, string host, string zone, bool volunteers = true, bool leaving = false) => new()
    {
        Member = $"{member:x16}", Host = host, Zone = zone, Api = $"{host}:2379", Raft = $"{host}:2380", Version = "0.1.0", Since = Noon, Volunteers = volunteers, IsLeaving = leaving,
    };

    private static Member Member(ulong id, string name, bool isLearner = false) => new() { ID = id, Name = name, IsLearner = isLearner, ClientURLs = { "http://m:2379" } };

    private static StatusResponse Status(ulong member, ulong applied) => new() { Header = new() { MemberId = member }, RaftIndex = applied, RaftAppliedIndex = applied };
}
