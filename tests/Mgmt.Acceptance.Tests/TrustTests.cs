namespace Mgmt.Acceptance.Tests;

/// <summary>Who is let into a mesh, from its first command to the end of a host in it, with the mesh's own authority.</summary>
public sealed class TrustTests
{
    [Fact]
    public async Task FoundersComeWithWhatInitMadeAndOthersByTokens()
    {
        await using var voters = new Voters(secure: true, isGivenIdentities: false);
        await FoundAsync(voters);
        var members = await voters.AskAsync(0, "member", "list");
        Assert.All(new[] { 0, 1, 2 }, at => Assert.Contains(Voters.Name(at), members, StringComparison.Ordinal));

        // A token lets in one host, which is then a member as all others.
        var token = voters.Path("token");
        await File.WriteAllTextAsync(token, await voters.AskAsync(0, "mesh", "token"));
        await using var fourth = voters.StartExtra(3, "--peers", voters.Host(1), "--token-file", token);
        await fourth.LineAsync("has a certificate of the mesh as voter");
        await fourth.LineAsync("joined the mesh");
        await voters.AskAsync(1, "kv", "put", "greeting", "to all");
        await fourth.LineAsync("store: follows");
        Assert.Contains("to all", (await AskAsync(voters, 3, "kv", "get", "greeting")).Output, StringComparison.Ordinal);
        await using var thief = voters.StartExtra(4, "--peers", voters.Host(1), "--token-file", token);
        await thief.LineAsync("the token was used already, by host n4; have another made: mgmt mesh token");
        Assert.Equal(1, await thief.ExitAsync());
    }

    [Fact]
    public async Task AFounderThatIsRevokedIsHeardNoMore()
    {
        await using var voters = new Voters(secure: true, isGivenIdentities: false);
        await FoundAsync(voters);
        Assert.Contains("revoked n3: 1 certificate; its member ", await voters.AskAsync(0, "mesh", "revoke", "n3"), StringComparison.Ordinal);
        await voters[0].LineAsync("refuses 1 more certificate: revoked");
        await voters[1].LineAsync("refuses 1 more certificate: revoked");

        // It is taken out, and what it says from then on nobody hears.
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await voters.AskAsync(1, "member", "list", "--timeout", "30")).Contains("n3", StringComparison.Ordinal)) late.Token.ThrowIfCancellationRequested();
        var (exitCode, output) = await AskAsync(voters, 2, "kv", "put", "said", "by n3", "--timeout", "3");
        Assert.True(exitCode != 0, output);
        await voters.AskAsync(1, "kv", "put", "still", "works");
        Assert.DoesNotContain("by n3", await voters.AskAsync(1, "kv", "get", "said"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhoWasAwayWhenItWasRevokedIsToldAndComesBackByAToken()
    {
        await using var voters = new Voters(secure: true, isGivenIdentities: false);
        await FoundAsync(voters);
        var token = voters.Path("token");
        await File.WriteAllTextAsync(token, await voters.AskAsync(0, "mesh", "token"));
        await using (var fourth = voters.StartExtra(3, "--peers", voters.Host(1), "--token-file", token, "--no-vote")) await fourth.LineAsync("store: follows");
        Assert.Contains("revoked n4: 1 certificate", await voters.AskAsync(0, "mesh", "revoke", "n4"), StringComparison.Ordinal);
        for (var i = 0; i < 3; i++) await voters[i].LineAsync("refuses 1 more certificate: revoked");

        await using (var away = voters.StartExtra(3, "--no-vote")) await away.LineAsync("refuses this host: its certificate is revoked; to let it in anew");

        await File.WriteAllTextAsync(token, await voters.AskAsync(0, "mesh", "token"));
        await using var back = voters.StartExtra(3, "--peers", voters.Host(1), "--token-file", token, "--no-vote");
        await back.LineAsync("has a certificate of the mesh as voter");
        await back.LineAsync("store: follows");
        await voters.AskAsync(1, "kv", "put", "greeting", "to all");
        Assert.Contains("to all", (await AskAsync(voters, 3, "kv", "get", "greeting")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhoSignsNeedNotVoteNorKeepAnOperatorsCertificate()
    {
        await using var voters = new Voters(secure: true, isGivenIdentities: false);
        await FoundAsync(voters);
        foreach (var file in Directory.GetFiles(Path.Combine(voters.Prefix(0), "tls"), "operator*")) File.Delete(file);
        var token = voters.Path("token");
        await File.WriteAllTextAsync(token, await voters.AskAsync(1, "mesh", "token"));
        await using var fourth = voters.StartExtra(3, "--peers", voters.Host(1), "--token-file", token);
        await fourth.LineAsync("store: follows");
        await voters.AskAsync(1, "mesh", "demote", "n1", "--wait", "--within", "60");
        await voters[0].LineAsync("keeps the store no more");

        await File.WriteAllTextAsync(token, await voters.AskAsync(1, "mesh", "token"));
        await using var fifth = voters.StartExtra(4, "--peers", voters.Host(1), "--token-file", token);
        await fifth.LineAsync("has a certificate of the mesh as voter");
        await voters[0].LineAsync("signed a certificate for host n5");
        await fifth.LineAsync("joined the mesh");
    }

    [Fact]
    public async Task AHostThatComesBackAtAnotherAddressIsBelievedThere()
    {
        await using var voters = new Voters(secure: true, isGivenIdentities: false);
        await FoundAsync(voters);
        var token = voters.Path("token");
        await File.WriteAllTextAsync(token, await voters.AskAsync(0, "mesh", "token"));
        await using (var fourth = voters.StartExtra(3, "--peers", voters.Host(1), "--token-file", token)) await fourth.LineAsync("store: follows");

        var place = voters.Host(5);
        await using var moved = voters.StartExtra(3, "--advertise", place, "--listen", $"{place}:2379", "--raft-listen", $"{place}:2380");
        await moved.LineAsync("this host's certificate is renewed");
        await voters.AskAsync(0, "mesh", "demote", "n3", "--wait", "--within", "60");
        await moved.LineAsync("keeps the store from now on");
        Assert.Contains($"https://{place}:2380", await voters.AskAsync(0, "member", "list"), StringComparison.Ordinal);
        await voters.AskAsync(0, "mesh", "transfer", "n4");
        await voters.AskAsync(1, "kv", "put", "greeting", "to all");
    }

    [Fact]
    public async Task AVoterThatWasAwayWhenItWasRevokedIsRefusedByName()
    {
        await using var voters = new Voters(secure: true, isGivenIdentities: false);
        await FoundAsync(voters);
        await voters.KillAsync(2);
        await voters.AskAsync(0, "mesh", "revoke", "n3");
        for (var i = 0; i < 2; i++) await voters[i].LineAsync("refuses 1 more certificate: revoked");

        await using (var away = voters.StartExtra(2))
        {
            await away.LineAsync("it ended the connection instead of an answer");
            await voters[0].LineAsync("the certificate of n3 is revoked");
        }

        var token = voters.Path("token");
        await File.WriteAllTextAsync(token, await voters.AskAsync(0, "mesh", "token"));
        await using var back = voters.StartExtra(2, "--peers", voters.Host(0), "--token-file", token);
        await back.LineAsync("has a certificate of the mesh as voter");
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await voters.AskAsync(1, "kv", "put", "greeting", "to all");
        while (!(await AskAsync(voters, 2, "kv", "get", "greeting")).Output.Contains("to all", StringComparison.Ordinal)) late.Token.ThrowIfCancellationRequested();
    }

    private static async Task FoundAsync(Voters voters)
    {
        var founders = string.Join(',', new[] { 1, 2 }.Select(at => $"{Voters.Name(at)}={voters.Host(at)}"));
        var (exitCode, output) = await MgmtProcess.RunAsync("mesh", "init", "--prefix", voters.Prefix(0), "--hostname", Voters.Name(0), "--advertise", voters.Host(0), "--founders", founders);
        Assert.True(exitCode == 0, output);
        Assert.Contains($"mgmt run --peers {voters.Host(0)},{voters.Host(1)},{voters.Host(2)} --advertise {voters.Host(2)}", output, StringComparison.Ordinal);
        foreach (var at in new[] { 1, 2 })
        {
            Directory.CreateDirectory(voters.Prefix(at));
            CopyFiles(Path.Combine(voters.Prefix(0), "founders", Voters.Name(at), "tls"), Path.Combine(voters.Prefix(at), "tls"));
        }

        await voters.StartAllAsync();
        await voters.AskAsync(0, "mesh", "size", "3", "--wait");

        // Who was given a certificate before there was a store is told to it a moment later.
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!(await voters.AskAsync(0, "kv", "ls", "mgmt/trust/certificates/")).Contains("n3", StringComparison.Ordinal)) late.Token.ThrowIfCancellationRequested();
    }

    private static void CopyFiles(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    private static Task<(int ExitCode, string Output)> AskAsync(Voters voters, int at, params string[] arguments) =>
        MgmtProcess.RunAsync([.. arguments, "--socket", Path.Combine(voters.Prefix(at), "agent.sock")]);
}
