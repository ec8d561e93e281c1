using System.Text.Json;
using Mgmt.Cli.Tests.Stores;
using Mgmt.Mesh.Masters;

namespace Mgmt.Cli.Tests.Meshes;

/// <summary>The commands of the mesh against a store of one voter that holds the cards of agents: what they write, and what they refuse.</summary>
public sealed class MeshCommandTests : IAsyncLifetime
{
    private readonly OwnStore _own = new();

    public async Task InitializeAsync()
    {
        await _own.InitializeAsync();
        await PutCardAsync("web1", 0xa1);
        await PutCardAsync("web2", 0xa2, volunteers: false);
    }

    public Task DisposeAsync() => _own.DisposeAsync();

    [Fact]
    public async Task The_members_are_listed()
    {
        var lines = (await _own.SaidAsync("mesh", "members")).Split('\n');
        Assert.Equal(["HOST", "own", "web1", "web2", ""], lines.Select(static line => line.Split(' ')[0]));
        Assert.Equal(["leader", "volunteer", "agent"], lines[1..4].Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2]));
        var json = JsonDocument.Parse(await _own.SaidAsync("mesh", "members", "-o", "json")).RootElement;
        Assert.Equal(("own", 5, 2), (json.GetProperty("leader").GetString(), json.GetProperty("size").GetInt32(), json.GetProperty("agents").GetInt32()));
        Assert.Equal("00000000000000a1"[14..], json.GetProperty("hosts")[1].GetProperty("member").GetString());
    }

    [Fact]
    public async Task The_size_is_shown_and_set()
    {
        Assert.Equal("ideal size 5: 1 vote, 1 could\n", await _own.SaidAsync("mesh", "size"));
        Assert.Equal("ideal size 4 (of an even number the largest odd one below counts: 3): 1 vote, 1 could\n", await _own.SaidAsync("mesh", "size", "4", "--wait"));
        Assert.Equal("{\"size\":4,\"target\":1,\"voters\":1,\"can_vote\":1}\n", await _own.SaidAsync("mesh", "size", "-o", "json"));
        Assert.Equal("mgmt/masters/size\n4\n", await _own.SaidAsync("kv", "get", "mgmt/masters/size"));
        foreach (var wrong in new[] { "0", "16", "x", "+3" })
        {
            var mgmt = Mgmt();
            Assert.Equal((64, $"cannot use N \"{wrong}\": it is not a number from 1 to 15\nFor help: mgmt mesh size --help\n"), (await mgmt.RunAsync("mesh", "size", wrong), mgmt.Error));
        }
    }

    [Fact]
    public async Task Wishes_take_each_others_place()
    {
        Assert.Equal("web1 is to be promoted\n", await _own.SaidAsync("mesh", "promote", "web1"));
        Assert.Equal("wishes/00000000000000a1=promote", await MastersAsync());
        Assert.Equal("web1 is to be demoted\n", await _own.SaidAsync("mesh", "demote", "web1"));
        Assert.Equal("wishes/00000000000000a1=demote", await MastersAsync());
        await RefusedAsync("cannot cancel to promote \"web1\": what is wished of it is to demote it; take that back with mgmt mesh demote web1 --cancel\n", "mesh", "promote", "web1", "--cancel");
        Assert.Equal("web1 is drained\n", await _own.SaidAsync("mesh", "drain", "web1", "--no-wait"));
        Assert.Equal("drained/00000000000000a1=,wishes/00000000000000a1=demote", await MastersAsync());
        await _own.SaidAsync("mesh", "promote", "web1");
        Assert.Equal("wishes/00000000000000a1=promote", await MastersAsync());
        Assert.Equal("web1 is drained and does not vote\n", await _own.SaidAsync("mesh", "drain", "web1"));
        Assert.Equal("drained/00000000000000a1=", await MastersAsync());
        Assert.Equal("web1 is not drained any more\n", await _own.SaidAsync("mesh", "undrain", "web1"));
        Assert.Equal("web1 was not drained\n", await _own.SaidAsync("mesh", "undrain", "web1"));
        Assert.Equal("nothing was wished of web1\n", await _own.SaidAsync("mesh", "demote", "web1", "--cancel"));
        Assert.Equal("", await MastersAsync());
    }

    [Theory]
    [InlineData("drain wbe1", "cannot drain \"wbe1\": the mesh knows no such host; did you mean web1? mgmt mesh members lists them\n")]
    [InlineData("remove elsewhere", "cannot remove \"elsewhere\": the mesh knows no such host; mgmt mesh members lists them\n")]
    [InlineData("promote web2", "cannot promote \"web2\": it does not volunteer to vote; start its agent without --no-vote\n")]
    [InlineData("promote own", "cannot promote \"own\": its agent does not run; start it first\n")]
    [InlineData("transfer web1", "cannot transfer the leadership to \"web1\": it does not vote; have it vote first with mgmt mesh promote web1 --wait\n")]
    [InlineData("remove web1", "cannot remove \"web1\": its agent runs, or ended a few seconds ago; stop it and wait for its card to go (mgmt mesh members), or say --force\n")]
    public async Task What_cannot_be_done_is_refused_with_what_to_do(string words, string sentence) => await RefusedAsync(sentence, ["mesh", .. words.Split(' ')]);

    [Fact]
    public async Task The_last_that_can_vote_is_not_drained()
    {
        await _own.SaidAsync("mesh", "drain", "web1", "--no-wait");
        await RefusedAsync("cannot drain \"own\": no other host can vote in its place; start one more, or undrain one (mgmt mesh members)\n", "mesh", "drain", "own");
    }

    [Fact]
    public async Task Who_leads_already_is_not_asked() => Assert.Equal("own leads already\n", await _own.SaidAsync("mesh", "transfer", "own"));

    [Fact]
    public async Task A_removed_host_leaves_nothing_but_that_it_is_not_to_vote()
    {
        await _own.SaidAsync("mesh", "promote", "web1");
        foreach (var key in new[] { "mgmt/exports/web1/file", "mgmt/exports/web10/file", "mgmt/converged/web1" }) await _own.SaidAsync("kv", "put", key, "{}");
        Assert.Equal("web1 is removed\n", await _own.SaidAsync("mesh", "remove", "web1", "--force"));
        Assert.Equal("mgmt/agents/web2\nmgmt/exports/web10/file\nmgmt/masters/drained/00000000000000a1\n", await _own.SaidAsync("kv", "ls", "mgmt/", "--recursive"));

        // One that has no card any more is known by what it exported.
        Assert.Equal("{\"host\":\"web10\",\"removed\":true}\n", await _own.SaidAsync("mesh", "remove", "web10", "-o", "json"));
        Assert.DoesNotContain("exports", await _own.SaidAsync("kv", "ls", "mgmt/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_come_is_not_waited_for_longer_than_was_said()
    {
        var mgmt = Mgmt();
        Assert.Equal((69, ""), (await mgmt.RunAsync("mesh", "promote", "web1", "--wait", "--within", "0.5"), mgmt.Output));
        Assert.Equal(
            "waiting: web1 is brought up to date, and then votes\n"
            + "cannot wait longer than 0.5 s: web1 is brought up to date, and then votes; the wish stands, and the mesh goes on, or allow more time with --within\n",
            mgmt.Error);
    }

    [Fact]
    public async Task Status_tells_of_the_mesh_also_where_no_graph_is()
    {
        var told = await _own.SaidAsync("status");
        Assert.StartsWith("graph: the agent does not tell: ", told, StringComparison.Ordinal);
        Assert.Contains("\nmesh ", told, StringComparison.Ordinal);
        var json = JsonDocument.Parse(await _own.SaidAsync("status", "-o", "json")).RootElement;
        Assert.Equal("own", json.GetProperty("mesh").GetProperty("leader").GetString());
    }

    [Fact]
    public async Task Watched_it_is_shown_again_when_it_changes()
    {
        var mgmt = Mgmt();
        var watching = mgmt.RunAsync("status", "--watch", "-o", "json");
        await SaidAsync(mgmt, 1);
        await _own.SaidAsync("mesh", "size", "3");
        await SaidAsync(mgmt, 2);
        await mgmt.StopAsync();
        Assert.Equal((0, ""), (await watching.WaitAsync(TimeSpan.FromSeconds(30)), mgmt.Error));
        Assert.Equal([5, 3], mgmt.Output.TrimEnd('\n').Split('\n').Select(static line => JsonDocument.Parse(line).RootElement.GetProperty("mesh").GetProperty("size").GetInt32()));
    }

    [Fact]
    public async Task Where_no_agent_answers_it_says_how_to_have_one()
    {
        using var place = new Scratch();
        var mgmt = new TestSurroundings();
        Assert.Equal((69, ""), (await mgmt.RunAsync("status", "--prefix", place.Root), mgmt.Output));
        Assert.Equal($"cannot tell how this host is: no agent answers at unix:{place["agent.sock"]}; start it with mgmt run --store or in a mesh, or name its state directory with --prefix\n", mgmt.Error);
    }

    private static async Task SaidAsync(TestSurroundings mgmt, int lines)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (mgmt.Output.Count(static one => one == '\n') < lines)
        {
            if (late.IsCancellationRequested) throw new TimeoutException($"not {lines} lines; seen:\n{mgmt.Output}{mgmt.Error}");
            await Task.Delay(20);
        }
    }

    private TestSurroundings Mgmt() => new() { Environment = { ["MGMT_PREFIX"] = _own.Prefix }, Time = TimeProvider.System };

    private async Task RefusedAsync(string sentence, params string[] arguments)
    {
        var mgmt = Mgmt();
        Assert.Equal((1, "", sentence), (await mgmt.RunAsync(arguments), mgmt.Output, mgmt.Error));
    }

    private async Task<string> MastersAsync()
    {
        var json = JsonDocument.Parse(await _own.SaidAsync("kv", "get", "mgmt/masters/", "--prefix", "-o", "json")).RootElement;
        return string.Join(',', json.GetProperty("kvs").EnumerateArray().Select(static one => $"{one.GetProperty("key").GetString()!["mgmt/masters/".Length..]}={one.GetProperty("value").GetString()}"));
    }

    private async Task PutCardAsync(string host, ulong member, bool volunteers = true)
    {
        var card = new AgentCard { Member = $"{member:x16}", Host = host, Api = $"{host}:2379", Raft = $"{host}:2380", Volunteers = volunteers };
        await _own.SaidAsync("kv", "put", MastersKeys.Agents + host, System.Text.Encoding.UTF8.GetString(card.Encode()));
    }
}
