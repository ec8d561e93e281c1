using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Trust;
using Mgmt.Mesh.Voters;

namespace Mgmt.Cli.Tests.Stores;

/// <summary>The commands about who belongs to the mesh.</summary>
public sealed class MeshCommandTests : IParticipantLog
{
    [Fact]
    public async Task Init_says_what_it_made_and_what_comes_next()
    {
        using var place = new Scratch();
        var mgmt = new TestSurroundings { Time = TimeProvider.System };
        Assert.Equal((0, ""), (await mgmt.RunAsync("mesh", "init", "--prefix", place["a"], "--hostname", "a", "--advertise", "a.example.org"), mgmt.Error));
        Assert.StartsWith($"made {place["a"]}/tls/ca.key\nmade {place["a"]}/tls/ca.pem\n", mgmt.Output, StringComparison.Ordinal);
        Assert.Contains("mgmt run --peers a.example.org --token-file FILE\n", mgmt.Output, StringComparison.Ordinal);
        var again = new TestSurroundings();
        Assert.Equal((1, ""), (await again.RunAsync("mesh", "init", "--prefix", place["a"]), again.Output));
        Assert.StartsWith($"cannot make a mesh in {place["a"]}/tls: there is one; ", again.Error, StringComparison.Ordinal);
        var json = new TestSurroundings { Time = TimeProvider.System };
        await json.RunAsync("mesh", "init", "--prefix", place["b"], "-o", "json");
        Assert.Equal(6, JsonDocument.Parse(json.Output).RootElement.GetProperty("made").GetArrayLength());
        // What it says to type next is as a shell and the flags want it.
        var six = new TestSurroundings { Time = TimeProvider.System };
        Assert.Equal(0, await six.RunAsync("mesh", "init", "--prefix", place["six"], "--hostname", "a", "--advertise", "fd00::1"));
        Assert.Contains($"mgmt run --peers '[fd00::1]' --advertise fd00::1 --prefix {place["six"]}\n", six.Output, StringComparison.Ordinal);
        Assert.Contains("mgmt run --peers '[fd00::1]' --token-file FILE\n", six.Output, StringComparison.Ordinal);
        var all = new TestSurroundings { Time = TimeProvider.System };
        Assert.Equal(0, await all.RunAsync("mesh", "init", "--prefix", place["all"], "--hostname", "a", "--advertise", "fd00::1", "--founders", "b=fd00::2"));
        Assert.Contains("tls '[fd00::2]:/var/lib/mgmt/'\n", all.Output, StringComparison.Ordinal);
        Assert.Contains("mgmt run --peers '[fd00::1],[fd00::2]' --advertise fd00::2\n", all.Output, StringComparison.Ordinal);

        var badly = new TestSurroundings();
        Assert.Equal(1, await badly.RunAsync("mesh", "init", "--prefix", place["c"], "--hostname", "localhost"));
        Assert.Equal($"cannot make an identity for host localhost: \"localhost\" is the name of every host\n", badly.Error);
        var person = new TestSurroundings { Time = TimeProvider.System };
        Assert.Equal((0, ""), (await person.RunAsync("mesh", "operator", "--prefix", place["a"]), person.Error));
        Assert.Equal($"made {place["a"]}/tls/operator.key\nmade {place["a"]}/tls/operator.pem\n", person.Output);
    }

    [Fact]
    public async Task Tokens_and_revocations_go_through_the_agent()
    {
        using var place = new Scratch();
        await using var voter = await StartAsync(place["a"]);
        var text = await SaidAsync(place["a"], "mesh", "token");
        Assert.True(JoinToken.TryParse(text, out var token));
        using var authority = X509CertificateLoader.LoadCertificateFromFile(new TlsFolder(place["a"]).Authority);
        Assert.True(token.IsFor(authority));
        var json = JsonDocument.Parse(await SaidAsync(place["a"], "mesh", "token", "--role", "agent", "--host", "b", "--ttl", "10m", "-o", "json")).RootElement;
        Assert.Equal(("agent", "b", 600), (json.GetProperty("role").GetString(), json.GetProperty("host").GetString(), json.GetProperty("ttl").GetInt32()));
        Assert.True(JoinToken.TryParse(json.GetProperty("token").GetString()!, out var ofB));
        Assert.IsType<EnrollmentResult.Enrolled>(await new Enrollment(new(place["b"], [new("127.0.0.1", voter.Endpoints[0].Port)], ofB, "b", HostNames.Of()), TimeProvider.System).RunAsync(CancellationToken.None));
        Assert.Equal("revoked b: 1 certificate\n", await SaidAsync(place["a"], "mesh", "revoke", "b"));
        var gone = new TestSurroundings { Time = TimeProvider.System };
        Assert.Equal(1, await gone.RunAsync("mesh", "revoke", "b", "--prefix", place["a"]));
        Assert.Equal("cannot revoke b: no certificate of a host b is known; see the hosts that have one: mgmt kv ls mgmt/trust/certificates/\n", gone.Error);
    }

    [Fact]
    public async Task Without_an_authority_there_are_no_tokens()
    {
        await using var own = await OwnStore.StartAsync();
        var mgmt = new TestSurroundings { Time = TimeProvider.System };
        Assert.Equal(1, await mgmt.RunAsync("mesh", "token", "--prefix", own.Prefix));
        Assert.StartsWith("cannot make a token: the agent knows no authority of a mesh; make one with mgmt mesh init", mgmt.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_reaches_the_agent_and_is_not_shown()
    {
        using var place = new Scratch();
        var init = new TestSurroundings { Time = TimeProvider.System };
        await init.RunAsync("mesh", "init", "--prefix", place["a"]);
        using var authority = X509CertificateLoader.LoadCertificateFromFile(new TlsFolder(place["a"]).Authority);
        var token = JoinToken.Make(authority);
        await File.WriteAllTextAsync(place["token"], token.Text + "\n");
        foreach (var (variable, flag, value) in ((string, string, string)[])[("", "--token", token.Text), ("", "--token-file", place["token"]), (token.Text, "--sema", "0")])
        {
            var mgmt = new TestSurroundings { Environment = { ["MGMT_TOKEN"] = variable } };
            Assert.Equal((0, ""), (await mgmt.RunAsync("run", "--peers", "h", flag, value), mgmt.Error));
            Assert.Equal(token.Text, mgmt.Asked!.Store.Token!.Text);
            Assert.DoesNotContain(token.Text[10..], mgmt.Asked.ToString(), StringComparison.Ordinal);
        }

        var cut = token.Text[..^1];
        await MistakenAsync("cannot use --token: it is not a token as mgmt mesh token makes them; copy all of it\n", "--peers", "h", "--token", cut);
        await MistakenAsync($"cannot use --token-file {place["none"]}: ", "--peers", "h", "--token-file", place["none"]);
        await MistakenAsync("cannot use a token without --peers: ", "--store", "--token", token.Text);
        await MistakenAsync("cannot use --insecure together with a token: ", "--peers", "127.0.0.1", "--insecure", "--token", token.Text);
        await MistakenAsync("cannot use --token together with --token-file: ", "--peers", "h", "--token", token.Text, "--token-file", place["token"]);
    }

    void IParticipantLog.Say(string sentence)
    {
    }

    void Mesh.Api.IApiLog.Warn(string sentence)
    {
    }

    private static async Task MistakenAsync(string mistake, params string[] flags)
    {
        var mgmt = new TestSurroundings();
        Assert.Equal(64, await mgmt.RunAsync(["run", .. flags]));
        Assert.StartsWith(mistake, mgmt.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("mgmt1.", mgmt.Error, StringComparison.Ordinal);
    }

    private static async Task<string> SaidAsync(string prefix, params string[] arguments)
    {
        var mgmt = new TestSurroundings { Time = TimeProvider.System, Environment = { ["MGMT_PREFIX"] = prefix } };
        Assert.Equal((0, ""), (await mgmt.RunAsync(arguments), mgmt.Error));
        return mgmt.Output;
    }

    private async Task<Participant> StartAsync(string prefix)
    {
        var init = new TestSurroundings { Time = TimeProvider.System };
        Assert.Equal((0, ""), (await init.RunAsync("mesh", "init", "--prefix", prefix, "--hostname", "a", "--advertise", "127.0.0.1"), init.Error));
        var (api, raft) = (new PeerAddress("127.0.0.1", FreePort()), new PeerAddress("127.0.0.1", FreePort()));
        var voter = await Participant.StartAsync(new ParticipantOptions { Prefix = prefix, Name = "a", Listen = api, RaftListen = raft, Peers = [api] }, TimeProvider.System, this, CancellationToken.None);
        await voter.Ready.WaitAsync(TimeSpan.FromSeconds(60));
        return voter;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
