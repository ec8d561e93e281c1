using System.Collections.Concurrent;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Mgmt.Mesh.Api.Calls;
using Mgmt.Mesh.Tests.Api;
using Mgmt.Mesh.Trust;

namespace Mgmt.Mesh.Tests.Trust;

public sealed class RenewalTests
{
    [Fact]
    public async Task A_certificate_is_followed_by_another_without_a_restart()
    {
        await using var mesh = await TrustMesh.StartAsync(new() { Life = TimeSpan.FromSeconds(15) });
        Assert.IsType<EnrollmentResult.Enrolled>(await mesh.EnrollAsync("b", await mesh.TokenAsync()));
        var host = await mesh.ServeAsync("b");
        var (before, shown) = (RoleWords.SerialOf(host.Tls.Certificate), await ShownAsync(host));
        Assert.Equal(before, shown);
        using var person = mesh.Forge("p", Role.Operator, TimeSpan.FromDays(1), DateTimeOffset.UtcNow);
        using var channel = host.Open(person);
        using var watch = new RawClient(channel).Watch();
        await watch.CreateAsync(new() { Key = ByteString.CopyFromUtf8("k") });
        await Eventually.HoldsAsync(() => RoleWords.SerialOf(host.Tls.Certificate) != before, () => $"not renewed: {string.Join("; ", mesh.Said)}");

        // What is open stays so, and what comes sees the new one, as a client too.
        await new RawClient(channel).PutAsync("k", "v");
        Assert.Single((await watch.NextAsync()).Events);
        Assert.Equal(RoleWords.SerialOf(host.Tls.Certificate), await ShownAsync(host));
        Assert.NotEqual(before, await ShownAsync(host));
        using var tls = MeshTls.Load(mesh.PrefixOf("b"));
        Assert.Equal(("b", Role.Voter), (RoleWords.HostOf(tls.Certificate), RoleWords.RoleOf(tls.Certificate)));
        Assert.NotEqual(before, RoleWords.SerialOf(tls.Certificate));
        Assert.True(tls.Certificate.MatchesHostname("127.0.0.1"));
        Assert.Equal(SslPolicyErrors.None, await ErrorsAsync(host, mesh.First.Tls));
        Assert.False(File.Exists(new TlsFolder(mesh.PrefixOf("b")).NextKey));
    }

    [Fact]
    public async Task A_host_that_is_reached_by_another_name_gets_it_into_its_certificate_at_once()
    {
        await using var mesh = await TrustMesh.StartAsync();
        Assert.IsType<EnrollmentResult.Enrolled>(await mesh.EnrollAsync("b", await mesh.TokenAsync()));
        using var tls = MeshTls.Load(mesh.PrefixOf("b"));
        var (before, asked) = (tls.Certificate, 0);
        using var ending = new CancellationTokenSource();
        var said = new ConcurrentQueue<string>();
        var renewal = new Renewal(tls, new(mesh.PrefixOf("b")), [.. HostNames.Of(), "B.example.org", "192.0.2.7"], (request, cancel) =>
        {
            asked++;
            return mesh.First.Talk.RenewAsync("b", Role.Voter, request, cancel);
        }, TimeProvider.System, (sentence, _) => said.Enqueue(sentence));
        var running = renewal.RunAsync(ending.Token);
        await Eventually.HoldsAsync(() => !said.IsEmpty, () => $"not renewed, asked {asked} times");
        Assert.True(tls.Certificate.MatchesHostname("b.example.org") && tls.Certificate.MatchesHostname("192.0.2.7"));
        Assert.NotEqual(before.SerialNumber, tls.Certificate.SerialNumber);
        Assert.Equal(1, asked);
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task A_host_that_cannot_renew_says_so_and_goes_on_trying()
    {
        await using var mesh = await TrustMesh.StartAsync(new() { Life = TimeSpan.FromSeconds(12) });
        using var tls = MeshTls.Load(mesh.PrefixOf("a"));
        var (asked, said) = (0, new List<string>());
        using var ending = new CancellationTokenSource();
        var told = new TaskCompletionSource();
        var renewal = new Renewal(tls, new(mesh.PrefixOf("x")), [], (_, _) =>
        {
            if (++asked == 2) told.SetResult();
            return Task.FromResult(new Wire.EnrollResponse { Refusal = "nobody signs" });
        }, TimeProvider.System, (sentence, isWrong) => said.Add($"{isWrong} {sentence}"));
        var running = renewal.RunAsync(ending.Token);
        await told.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.StartsWith("True cannot renew this host's certificate: nobody signs; it ", said[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_holder_of_a_certificate_renews_it()
    {
        await using var mesh = await TrustMesh.StartAsync();
        using var b = await mesh.LetInAsync("b", "agent");
        using var c = await mesh.LetInAsync("c", "voter");
        using var channel = mesh.First.Open(c);
        var trust = new Wire.Trust.TrustClient(channel);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = RenewalProof.Make(b, key, ["b.example.org"]);

        // Another's certificate with one's own signature; another key, other names, put into another's request.
        var stolen = RenewalProof.Make(c, key, []);
        stolen.Certificate = ByteString.CopyFrom(b.RawData);
        var swapped = request.Clone();
        swapped.Request = ByteString.CopyFrom(SigningRequest.Of(other));
        var renamed = request.Clone();
        renamed.Names.Add("c.example.org");
        foreach (var wrong in new[] { stolen, swapped, renamed }) Assert.Contains("is its own", (await trust.RenewAsync(wrong)).Refusal, StringComparison.Ordinal);
        using var expired = mesh.Forge("b", Role.Voter, TimeSpan.FromHours(1), DateTimeOffset.UtcNow.AddHours(-2));
        Assert.Contains("that holds", (await trust.RenewAsync(RenewalProof.Make(expired, key, []))).Refusal, StringComparison.Ordinal);
        Assert.Contains("is that of host c", (await trust.RenewAsync(RenewalProof.Make(b, key, ["c"]))).Refusal, StringComparison.Ordinal);

        // Passed on by another, it is still b's, with b's role.
        using var renewed = X509Certificate2.CreateFromPem((await trust.RenewAsync(request)).Certificate);
        Assert.Equal(("b", Role.Agent), (RoleWords.HostOf(renewed), RoleWords.RoleOf(renewed)));
    }

    private static async Task<string> ShownAsync(TrustHost host)
    {
        var serial = "";
        await LookAsync(host, new() { TargetHost = "127.0.0.1", RemoteCertificateValidationCallback = (_, shown, _, _) => (serial = RoleWords.SerialOf((X509Certificate2)shown!)).Length > 0 });
        return serial;
    }

    private static async Task<SslPolicyErrors> ErrorsAsync(TrustHost host, MeshTls by)
    {
        var seen = SslPolicyErrors.RemoteCertificateNotAvailable;
        var options = by.ClientOptions("127.0.0.1");
        options.RemoteCertificateValidationCallback = (_, _, _, errors) => (seen = errors) == SslPolicyErrors.None;
        await LookAsync(host, options);
        return seen;
    }

    private static async Task LookAsync(TrustHost host, SslClientAuthenticationOptions options)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(host.Address.Host, host.Address.Port);
        await using var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsClientAsync(options);
    }
}
