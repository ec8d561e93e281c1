namespace Mgmt.Acceptance.Tests;

/// <summary>Agents that come to a mesh that is there already, rightly or not.</summary>
public sealed class JoinTests
{
    /// <summary>It needs the list once, asks those who vote through its own socket, and never votes when it does not want to.</summary>
    [Fact]
    public async Task AnAgentThatDoesNotVoteAsksThoseWhoDo()
    {
        await using var voters = new Voters(secure: false);
        await voters.StartAllAsync();
        await using (var agent = voters.StartExtra(7, "--no-vote", "--peers", voters.Host(1)))
        {
            await agent.LineAsync("store: follows");
            Assert.Equal((0, "OK"), await AskAsync(voters, 7, "kv", "put", "key", "by n8"));
            Assert.Contains("by n8", await voters.AskAsync(0, "kv", "get", "key"), StringComparison.Ordinal);
            Assert.DoesNotContain("n8", await voters.AskAsync(0, "member", "list"), StringComparison.Ordinal);
            Assert.Contains("n8", await voters.AskAsync(0, "kv", "get", "mgmt/agents/n8"), StringComparison.Ordinal);
            agent.Signal(Signal.Terminate);
            Assert.Equal(0, await agent.ExitAsync());
        }

        // Who ends in order is gone at once, without waiting for its lease.
        Assert.DoesNotContain("n8", await voters.AskAsync(0, "kv", "get", "mgmt/agents/", "--prefix"), StringComparison.Ordinal);
        await using var again = voters.StartExtra(7, "--no-vote");
        await again.LineAsync("store: follows");
        Assert.Contains("by n8", (await AskAsync(voters, 7, "kv", "get", "key")).Output, StringComparison.Ordinal);
    }

    /// <summary>What its certificate does not allow, an agent does not offer; and over the mesh it writes only what is its own.</summary>
    [Fact]
    public async Task AnAgentsCertificateMakesNoVoter()
    {
        await using var voters = new Voters(secure: true);
        await voters.StartAllAsync();
        voters.Authority.Give(voters.Prefix(7), "n8", "agent", voters.Host(7));
        await using var agent = voters.StartExtra(7, "--peers", voters.Host(1));
        await agent.LineAsync("store: follows");

        // It says who it is once it follows.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var card = "";
        while (card.Length == 0 && !limit.IsCancellationRequested) card = await voters.AskAsync(0, "kv", "get", "mgmt/agents/n8");
        Assert.Contains("\"volunteers\":false", card, StringComparison.Ordinal);
        var (exitCode, output) = await AskAsync(voters, 7, "kv", "put", "mgmt/exports/n1/file", "forged");
        Assert.Equal(1, exitCode);
        Assert.Contains("host n8 may not write", output, StringComparison.Ordinal);
        Assert.Equal(0, (await AskAsync(voters, 7, "kv", "put", "mgmt/exports/n8/file", "own")).ExitCode);
    }

    /// <summary>A watch through an agent's own socket outlives the voter behind it, and misses nothing.</summary>
    [Fact]
    public async Task AWatchGoesOnAtAnotherVoterWithoutAGap()
    {
        await using var voters = new Voters(secure: false);
        await voters.StartAllAsync();
        await using var agent = voters.StartExtra(7, "--no-vote", "--peers", voters.Host(0));
        var follows = await agent.LineAsync("store: follows");
        await using var watch = MgmtProcess.Start("kv", "watch", "w/", "--prefix", "--rev", "1", "--socket", Socket(voters, 7));
        await voters.AskAsync(0, "kv", "put", "w/1", "one");
        await watch.LineAsync("one");
        var upstream = Enumerable.Range(0, 3).Single(i => follows.Contains(voters.Host(i) + ":", StringComparison.Ordinal));
        voters[upstream].Signal(Signal.KillNow);
        var other = (upstream + 1) % 3;
        for (var i = 2; i < 5; i++) await voters.AskAsync(other, "kv", "put", $"w/{i}", $"value {i}", "--timeout", "30");
        for (var i = 2; i < 5; i++) await watch.LineAsync($"value {i}");
    }

    /// <summary>One that is stopped says nothing and closes nothing: only its silence tells.</summary>
    [Fact]
    public async Task AVoterThatFallsSilentIsLeftForAnother()
    {
        await using var voters = new Voters(secure: false);
        await voters.StartAllAsync();
        await voters.AskAsync(0, "mesh", "size", "3", "--wait");
        await using var agent = voters.StartExtra(7, "--no-vote", "--peers", voters.Host(0));
        var follows = await agent.LineAsync("store: follows");
        var upstream = Enumerable.Range(0, 3).Single(i => follows.Contains(voters.Host(i) + ":", StringComparison.Ordinal));
        await using var watch = MgmtProcess.Start("kv", "watch", "w", "--rev", "1", "--socket", Socket(voters, 7));
        await voters.AskAsync(0, "kv", "put", "w", "heard by it");
        await watch.LineAsync("heard by it");
        voters[upstream].Freeze();

        // A read that is on its way to the silent one is asked of another, who is asked from then on.
        Assert.Equal((0, "w\nheard by it"), await AskAsync(voters, 7, "kv", "get", "w", "--timeout", "30"));
        Assert.Equal((0, "OK"), await AskAsync(voters, 7, "kv", "put", "w", "heard by another", "--timeout", "30"));
        await watch.LineAsync("heard by another");
    }

    [Fact]
    public async Task WhoeverCannotBeLetInIsToldWhyAndEnds()
    {
        await using var voters = new Voters(secure: false);
        await voters.StartAllAsync();
        await using var member = voters.StartExtra(7, "--no-vote", "--peers", voters.Host(1));
        await member.LineAsync("store: follows");

        await RefusedAsync(voters.StartExtra(8, "--hostname", "n1", "--peers", voters.Host(2)), "has the same name n1");
        await RefusedAsync(voters.StartExtra(9, "--hostname", "n8", "--peers", voters.Host(2)), "has the same name n8");
        await RefusedAsync(voters.StartExtra(10, "--listen", $"{voters.Host(0)}:2379", "--peers", voters.Host(2)), "Address already in use");
        await RefusedAsync(voters.StartExtra(11, "--raft-listen", $"{voters.Host(0)}:2380", "--peers", voters.Host(2)), "for Raft: Address already in use");

        // The host that a directory was copied from is still there.
        Directory.CreateDirectory(Path.Combine(voters.Prefix(12), "store"));
        File.Copy(Path.Combine(voters.Prefix(7), "store", "identity.json"), Path.Combine(voters.Prefix(12), "store", "identity.json"));
        await RefusedAsync(voters.StartExtra(12, "--hostname", "n8", "--peers", voters.Host(2)), "one state directory is a copy of the other");
    }

    [Fact]
    public async Task AStoreOfAnotherClusterStaysOut()
    {
        await using var voters = new Voters(secure: false);
        await voters.StartAllAsync();
        var (exitCode, output) = await MgmtProcess.RunAsync("run", "--prefix", voters.Prefix(7), "--store", "--converged-timeout", "1");
        Assert.True(exitCode == 0, output);
        await RefusedAsync(voters.StartExtra(7, "--peers", voters.Host(0)), "belongs to the cluster");
    }

    private static string Socket(Voters voters, int at) => Path.Combine(voters.Prefix(at), "agent.sock");

    private static async Task<(int ExitCode, string Output)> AskAsync(Voters voters, int at, params string[] arguments) =>
        await MgmtProcess.RunAsync([.. arguments, "--socket", Socket(voters, at)]);

    private static async Task RefusedAsync(MgmtProcess agent, string why)
    {
        await using (agent)
        {
            Assert.Equal(1, await agent.ExitAsync());
            Assert.Contains(why, agent.Seen, StringComparison.Ordinal);
            Assert.Contains("cannot", agent.Seen, StringComparison.Ordinal);
        }
    }
}
