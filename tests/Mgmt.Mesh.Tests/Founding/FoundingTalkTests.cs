using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Founding;

namespace Mgmt.Mesh.Tests.Founding;

/// <summary>Founding by script, and as a simulation from a seed: agents ask each other in any order, and disks are lost on the way.</summary>
public sealed class FoundingTalkTests
{
    [Theory]
    [InlineData("a", "a")]
    [InlineData("b,a", "a")]
    [InlineData("c,a,b", "a,b,c")]
    [InlineData("d,c,b,a", "a,b,c")]
    [InlineData("g,f,e,d,c,b,a,a", "a,b,c,d,e")]
    public void The_founders_are_the_first_of_the_list_and_an_odd_number(string list, string founders) =>
        Assert.Equal(founders.Split(','), FoundingTalk.FoundersOf(list.Split(',').Select(Address)).Select(one => one.Host));

    [Fact]
    public void Agents_with_different_lists_do_not_found()
    {
        var a = new FoundingTalk(Peer("a", 1), [Address("a"), Address("b"), Address("c")]);
        var b = new FoundingTalk(Peer("b", 2), [Address("a"), Address("b"), Address("d")]);
        Assert.StartsWith("cannot found a mesh with b (b:2379", Tell(b, a), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_hosts_of_one_name_do_not_found()
    {
        var list = new[] { Address("a"), Address("b"), Address("c") };
        var a = new FoundingTalk(Peer("a", 1), list);
        var other = new FoundingTalk(Peer("b", 2) with { Name = "a" }, list);
        Assert.Contains("it has this host's name", Tell(other, a), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_wants_to_join_is_no_matter_for_founders()
    {
        var a = new FoundingTalk(Peer("a", 1), [Address("a")]);
        Assert.Null(a.Hear(Peer("z", 9), [], []));
        Assert.NotEqual(0UL, a.TryFound());
    }

    [Fact]
    public void One_alone_founds_at_once() => Assert.NotEqual(0UL, new FoundingTalk(Peer("a", 1), [Address("a")]).TryFound());

    [Fact]
    public void Nobody_founds_before_the_others_know_the_same()
    {
        var list = new[] { Address("a"), Address("b"), Address("c") };
        var (a, b, c) = (new FoundingTalk(Peer("a", 1), list), new FoundingTalk(Peer("b", 2), list), new FoundingTalk(Peer("c", 3), list));
        Tell(b, a);
        Tell(c, a);
        Assert.Equal(3, a.Known.Count);
        Assert.Equal(0UL, a.TryFound());
        Tell(a, b);
        Tell(c, b);
        Tell(b, a);
        Assert.Equal(0UL, a.TryFound());
        Tell(a, c);
        Tell(b, c);
        Tell(c, a);
        Assert.NotEqual(0UL, a.TryFound());
    }

    /// <summary>Whatever the order, at most one cluster has a majority of its founders, and without losses all come to it.</summary>
    [Theory]
    [InlineData(3, false)]
    [InlineData(5, false)]
    [InlineData(3, true)]
    [InlineData(5, true)]
    public void Nobody_founds_two_clusters_by_racing(int size, bool losesDisks)
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var agents = Simulate(size, losesDisks, new Random(seed));
            var working = agents.Where(one => one.Cluster != 0).GroupBy(one => one.Cluster)
                .Where(cluster => cluster.Count(one => cluster.First().Voters.Contains(one.Talk.Self.Member)) > size / 2).ToList();
            Assert.True(working.Count <= 1, $"seed {seed}: {working.Count} clusters work");
            if (!losesDisks) Assert.True(agents.All(one => one.Cluster == agents[0].Cluster && one.Cluster != 0), $"seed {seed}: not all founded the same");
        }
    }

    private static List<Agent> Simulate(int size, bool losesDisks, Random chance)
    {
        var list = Enumerable.Range(0, size).Select(i => Address($"h{i}")).ToList();
        var ids = 1UL;
        var agents = list.Select(one => new Agent(new(Peer(one.Host, ids++), list))).ToList();
        for (var step = 0; step < 400; step++)
        {
            var (asker, answerer) = (agents[chance.Next(size)], agents[chance.Next(size)]);
            if (losesDisks && chance.Next(40) == 0 && asker.Cluster == 0) agents[agents.IndexOf(asker)] = new(new(Peer(asker.Talk.Self.Api.Host, ids++), list));
            else if (asker != answerer && asker.Cluster == 0) Ask(asker, answerer);
        }

        return agents;
    }

    private static void Ask(Agent asker, Agent answerer)
    {
        if (answerer.Cluster != 0)
        {
            if (answerer.Voters.Contains(asker.Talk.Self.Member)) (asker.Cluster, asker.Voters) = (answerer.Cluster, answerer.Voters);
            return;
        }

        Assert.Null(Tell(asker.Talk, answerer.Talk));
        Assert.Null(Tell(answerer.Talk, asker.Talk));
        if (asker.Talk.TryFound() is not 0 and var cluster) (asker.Cluster, asker.Voters) = (cluster, [.. asker.Talk.Known.Select(one => one.Member)]);
    }

    private static string? Tell(FoundingTalk from, FoundingTalk to) => to.Hear(from.Self, [.. from.Founders.Select(one => one.ToString())], from.Known);

    private static PeerAddress Address(string host) => new(host, 2379);

    private static PeerIdentity Peer(string host, ulong member) => new(member, host, Address(host), new(host, 2380));

    private sealed class Agent(FoundingTalk talk)
    {
        public FoundingTalk Talk => talk;

        public ulong Cluster { get; set; }

        public IReadOnlyList<ulong> Voters { get; set; } = [];
    }
}
