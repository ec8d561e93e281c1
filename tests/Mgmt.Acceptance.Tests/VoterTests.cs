using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Mgmt.Acceptance.Tests;

/// <summary>Three voters from outside: who may speak to them, what a lost disk costs, and who is a member.</summary>
public sealed class VoterTests
{
    /// <summary>What is behind the beginning of the own log is in no log here any more: only a peer has it.</summary>
    [Fact]
    public async Task AHomeLostBehindTheLogsBeginningComesFromAPeer()
    {
        await using var voters = new Voters(secure: false);
        await voters.StartAllAsync();
        for (var i = 0; i < 5; i++) await voters.AskAsync(i % 3, "kv", "put", $"key/{i}", $"value {i}");
        await voters.StopAsync(2);
        File.Delete(Path.Combine(voters.Prefix(2), "store", "home.db"));
        voters.Start(2);
        await voters[2].LineAsync("is made again from a snapshot of");
        await voters[2].LineAsync("store: open");
        var told = await voters.AskAsync(2, "kv", "get", "key/", "--prefix", "--serializable");
        for (var i = 0; i < 5; i++) Assert.Contains($"value {i}", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CertificatesSayWhoMaySpeak()
    {
        await using var voters = new Voters(secure: true);
        await voters.StartAllAsync();
        voters.Authority.Give(voters.Path("operator"), "anna", "operator", "127.0.0.1");
        voters.Authority.Give(voters.Path("agent"), "web1", "agent", "127.0.0.1");
        using var others = new TestAuthority();
        others.Give(voters.Path("stranger"), "eve", "operator", "127.0.0.1");

        Assert.Equal((0, "OK"), await PutAsync(voters, "operator"));
        Assert.Contains("value", await voters.AskAsync(1, "kv", "get", "key"), StringComparison.Ordinal);
        Assert.Equal(69, (await PutAsync(voters, "stranger")).ExitCode);
        var (exitCode, output) = await MgmtProcess.RunAsync("kv", "put", "key", "other", "--endpoints", $"{voters.Host(0)}:2379", "--insecure", "--timeout", "2");
        Assert.True(exitCode == 69, $"{exitCode}: {output}");
        Assert.Contains("value", await voters.AskAsync(2, "kv", "get", "key"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RaftsPortIsForVotersOnly()
    {
        await using var voters = new Voters(secure: true);
        await voters.StartAllAsync();
        using var others = new TestAuthority();
        foreach (var role in new[] { "agent", "operator" }) voters.Authority.Give(voters.Path(role), role, role, "127.0.0.1");
        others.Give(voters.Path("stranger"), "n2", "voter", "127.0.0.1");
        foreach (var who in new[] { "agent", "operator", "stranger" }) Assert.True(await IsTurnedAwayAsync(voters, voters.Path(who)), who);
        Assert.False(await IsTurnedAwayAsync(voters, voters.Prefix(1)), "a voter");
        Assert.True(await IsTurnedAwayAsync(voters, null), "plain text");
        await voters.AskAsync(0, "kv", "put", "still", "works");
    }

    /// <summary>As an operator does it with etcd's own tool: a member out, its leader elsewhere, and the same host in again with nothing on its disk.</summary>
    [Fact]
    public async Task MembersGoAndComeByEtcdctl()
    {
        await using var voters = new Voters(secure: false);
        await voters.StartAllAsync();
        await voters.AskAsync(0, "kv", "put", "key", "before");
        var ids = await MembersAsync(voters, 0);
        var leader = await LeaderAsync(voters);
        var heir = (leader + 1) % 3;
        await EtcdctlAsync(voters, leader, "move-leader", ids[Voters.Name(heir)]);
        Assert.Equal(heir, await LeaderAsync(voters));

        var gone = (heir + 1) % 3;
        await voters.StopAsync(gone);
        await EtcdctlAsync(voters, heir, "member", "remove", ids[Voters.Name(gone)]);
        Assert.Equal(2, (await MembersAsync(voters, heir)).Count);
        Directory.Delete(voters.Prefix(gone), recursive: true);
        await EtcdctlAsync(voters, heir, "member", "add", Voters.Name(gone), $"--peer-urls=http://{voters.Host(gone)}:2380");
        voters.Start(gone);
        await voters[gone].LineAsync("store: open");
        Assert.Contains("before", await voters.AskAsync(gone, "kv", "get", "key"), StringComparison.Ordinal);
        var now = await MembersAsync(voters, gone);
        Assert.Equal(3, now.Count);
        Assert.NotEqual(ids[Voters.Name(gone)], now[Voters.Name(gone)]);

        // The new one's vote counts: with another one gone, there is still a majority.
        await voters.StopAsync(leader == gone ? heir : leader);
        await voters.AskAsync(gone, "kv", "put", "key", "after", "--timeout", "30");
    }

    private static async Task<(int ExitCode, string Output)> PutAsync(Voters voters, string who)
    {
        var tls = Path.Combine(voters.Path(who), "tls");
        return await MgmtProcess.RunAsync("kv", "put", "key", "value", "--endpoints", $"{voters.Host(0)}:2379",
            "--cacert", Path.Combine(tls, "ca.pem"), "--cert", Path.Combine(tls, "cert.pem"), "--key", Path.Combine(tls, "key.pem"), "--timeout", "5");
    }

    // With TLS 1.3 a client is through before the server has seen its certificate; then the connection either stays or ends.
    private static async Task<bool> IsTurnedAwayAsync(Voters voters, string? prefix)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Parse(voters.Host(0)), 2380);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        try
        {
            if (prefix is null)
            {
                await client.GetStream().WriteAsync(new byte[64], patience.Token);
                return await client.GetStream().ReadAsync(new byte[1], patience.Token) == 0;
            }

            using var own = X509Certificate2.CreateFromPemFile(Path.Combine(prefix, "tls", "cert.pem"), Path.Combine(prefix, "tls", "key.pem"));
            await using var stream = new SslStream(client.GetStream(), false, static (_, _, _, _) => true);
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "", ClientCertificates = [own] }, patience.Token);
            return await stream.ReadAsync(new byte[1], patience.Token) == 0;
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static async Task<Dictionary<string, string>> MembersAsync(Voters voters, int at)
    {
        using var answer = JsonDocument.Parse(await voters.AskAsync(at, "member", "list", "-o", "json"));
        return answer.RootElement.GetProperty("members").EnumerateArray().ToDictionary(static one => one.GetProperty("name").GetString()!, static one => one.GetProperty("id").GetString()!);
    }

    private static async Task<int> LeaderAsync(Voters voters)
    {
        var ids = await MembersAsync(voters, 0);
        using var answer = JsonDocument.Parse(await voters.AskAsync(0, "store", "status", "-o", "json"));
        var leader = answer.RootElement.GetProperty("endpoints")[0].GetProperty("leader").GetString();
        return Enumerable.Range(0, 3).Single(one => ids[Voters.Name(one)] == leader);
    }

    private static async Task EtcdctlAsync(Voters voters, int at, params string[] arguments)
    {
        await using var etcdctl = MgmtProcess.Start(["--endpoints", $"http://{voters.Host(at)}:2379", .. arguments], new() { ["ETCDCTL_API"] = "3" }, "etcdctl");
        var exitCode = await etcdctl.ExitAsync();
        Assert.True(exitCode == 0, $"etcdctl {string.Join(' ', arguments)}: {exitCode}: {etcdctl.Seen}\n{voters[at].Printed()}");
    }
}
