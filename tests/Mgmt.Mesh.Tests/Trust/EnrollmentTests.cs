using Mgmt.Mesh.Api.Calls;
using Mgmt.Mesh.Tests.Api;
using Mgmt.Mesh.Trust;

namespace Mgmt.Mesh.Tests.Trust;

public sealed class EnrollmentTests
{
    [Theory]
    [InlineData("agent", Role.Agent)]
    [InlineData("voter", Role.Voter)]
    [InlineData("operator", Role.Operator)]
    public async Task A_token_gets_a_certificate_of_its_role(string role, Role expected)
    {
        await using var mesh = await TrustMesh.StartAsync();
        var token = await mesh.TokenAsync(role);
        Assert.Equal(role, Assert.IsType<EnrollmentResult.Enrolled>(await mesh.EnrollAsync("b", token, names: HostNames.Of("b.example.org"))).Role);
        using var tls = MeshTls.Load(mesh.PrefixOf("b"));
        Assert.Equal(("b", expected), (RoleWords.HostOf(tls.Certificate), RoleWords.RoleOf(tls.Certificate)));
        Assert.True(tls.Certificate.MatchesHostname("b.example.org"));
        Assert.True(mesh.First.Tls.Api.IsTrusted(tls.Certificate));
        var folder = new TlsFolder(mesh.PrefixOf("b"));
        Assert.Equal(["ca.pem", "cert.pem", "key.pem"], Directory.GetFiles(folder.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(Directory.GetFiles(folder.Folder), static file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
        Assert.Contains($"mgmt/trust/certificates/b", mesh.Keys(TrustKeys.Certificates));
        using var channel = mesh.First.Open(tls.Certificate);
        Assert.Equal([], await new RawClient(channel).GetAsync("k"));
    }

    [Fact]
    public async Task A_token_is_spent_once_and_nobody_hears_it()
    {
        await using var mesh = await TrustMesh.StartAsync();
        var token = await mesh.TokenAsync();
        Assert.IsType<EnrollmentResult.Enrolled>(await mesh.EnrollAsync("b", token));
        Assert.Contains("the token was used already, by host b", Assert.IsType<EnrollmentResult.Refused>(await mesh.EnrollAsync("c", token)).Problem, StringComparison.Ordinal);
        Assert.Contains("the token was used already, by host b", Assert.IsType<EnrollmentResult.Refused>(await mesh.EnrollAsync("b", token, prefix: mesh.PrefixOf("other"))).Problem, StringComparison.Ordinal);
        Assert.False(File.Exists(new TlsFolder(mesh.PrefixOf("c")).Certificate));
        Assert.NotEmpty(mesh.Said);
        var secret = token.Secret.ToArray();
        string[] secrets = [token.Text, Convert.ToBase64String(secret), Convert.ToHexString(secret), Convert.ToHexStringLower(secret), "PRIVATE KEY"];
        Assert.DoesNotContain(mesh.Said, said => secrets.Any(one => said.Contains(one, StringComparison.Ordinal)));
        Assert.DoesNotContain(mesh.Keys(""), key => secrets.Any(one => key.Contains(one, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Of_hosts_that_race_with_one_token_at_two_members_one_wins()
    {
        await using var mesh = await TrustMesh.StartAsync();
        Assert.IsType<EnrollmentResult.Enrolled>(await mesh.EnrollAsync("b", await mesh.TokenAsync()));
        var other = await mesh.ServeAsync("b");
        for (var round = 0; round < 5; round++)
        {
            var token = await mesh.TokenAsync();
            var results = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => mesh.EnrollAsync($"r{round}-{i}", token, i % 2 == 0 ? mesh.First : other)));
            Assert.Single(results.OfType<EnrollmentResult.Enrolled>());
            Assert.Equal(5, results.OfType<EnrollmentResult.Refused>().Count(static one => one.Problem.Contains("was used already", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task Who_lost_the_answer_gets_it_again_with_the_same_key()
    {
        await using var mesh = await TrustMesh.StartAsync();
        var token = await mesh.TokenAsync();
        var folder = new TlsFolder(mesh.PrefixOf("b"));
        using (folder.NextKeyOrNew()) File.Copy(folder.NextKey, folder.NextKey + ".kept");
        Assert.IsType<EnrollmentResult.Enrolled>(await mesh.EnrollAsync("b", token));
        File.Move(folder.NextKey + ".kept", folder.NextKey);
        File.Delete(folder.Certificate);
        File.Delete(folder.Key);
        Assert.IsType<EnrollmentResult.Enrolled>(await mesh.EnrollAsync("b", token));
        using var tls = MeshTls.Load(mesh.PrefixOf("b"));
    }

    [Fact]
    public async Task A_host_with_a_certificate_keeps_its_token()
    {
        await using var mesh = await TrustMesh.StartAsync();
        (await mesh.LetInAsync("b", "voter")).Dispose();
        var token = await mesh.TokenAsync();
        Assert.IsType<EnrollmentResult.Kept>(await mesh.EnrollAsync("b", token));
        Assert.IsType<EnrollmentResult.Enrolled>(await mesh.EnrollAsync("c", token));
    }

    [Fact]
    public async Task A_token_that_has_ended_is_none()
    {
        await using var mesh = await TrustMesh.StartAsync();
        var token = await mesh.TokenAsync(life: TimeSpan.FromSeconds(1));
        await Eventually.HoldsAsync(() => mesh.Keys(TrustKeys.Tokens).Count == 0, () => "the token is still there");
        Assert.Contains("the token has ended", Assert.IsType<EnrollmentResult.Refused>(await mesh.EnrollAsync("b", token)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_of_another_mesh_is_not_said_to_this_one()
    {
        await using var mesh = await TrustMesh.StartAsync();
        await using var other = await TrustMesh.StartAsync();
        var token = await other.TokenAsync();
        Assert.Contains("its authority is not the one that the token is for", Assert.IsType<EnrollmentResult.Refused>(await mesh.EnrollAsync("b", token)).Problem, StringComparison.Ordinal);

        // Nobody asked it to sign: the secret was never said.
        Assert.DoesNotContain(mesh.Said, static said => said.Contains("refused", StringComparison.Ordinal));
        Assert.IsType<EnrollmentResult.Enrolled>(await other.EnrollAsync("b", token));
    }

    [Fact]
    public async Task A_name_that_is_taken_is_refused_unless_the_token_is_for_it()
    {
        await using var mesh = await TrustMesh.StartAsync();
        (await mesh.LetInAsync("b", "voter")).Dispose();
        var elsewhere = mesh.PrefixOf("elsewhere");
        var taken = Assert.IsType<EnrollmentResult.Refused>(await mesh.EnrollAsync("b", await mesh.TokenAsync(), prefix: elsewhere));
        Assert.Contains("the name b is taken", taken.Problem, StringComparison.Ordinal);
        Assert.Contains("is taken", Assert.IsType<EnrollmentResult.Refused>(await mesh.EnrollAsync("a", await mesh.TokenAsync(), prefix: elsewhere)).Problem, StringComparison.Ordinal);
        Assert.Contains("the name b is that of host b", Assert.IsType<EnrollmentResult.Refused>(await mesh.EnrollAsync("c", await mesh.TokenAsync(), prefix: elsewhere, names: ["B"])).Problem, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("the token is for host b", Assert.IsType<EnrollmentResult.Refused>(await mesh.EnrollAsync("c", await mesh.TokenAsync(host: "b"), prefix: elsewhere)).Problem, StringComparison.Ordinal);
        Assert.IsType<EnrollmentResult.Enrolled>(await mesh.EnrollAsync("b", await mesh.TokenAsync(host: "b"), prefix: elsewhere));
    }

    [Fact]
    public async Task Nobody_who_answers_is_told_in_a_bounded_time()
    {
        await using var mesh = await TrustMesh.StartAsync();
        var token = await mesh.TokenAsync();
        var nobody = new Enrollment(new(mesh.PrefixOf("b"), [new("127.0.0.1", 1)], token, "b", []) { Patience = TimeSpan.FromSeconds(1.5) }, TimeProvider.System);
        Assert.Contains("nobody gives one within 1.5 s (127.0.0.1:1: ", Assert.IsType<EnrollmentResult.Refused>(await nobody.RunAsync(CancellationToken.None)).Problem, StringComparison.Ordinal);
    }
}
