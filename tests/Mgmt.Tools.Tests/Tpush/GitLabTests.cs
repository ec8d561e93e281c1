namespace Mgmt.Tools.Tests.Tpush;

/// <summary>CI as GitLab tells of it: by the pipelines of a commit.</summary>
public sealed class GitLabTests : IDisposable
{
    private readonly GitPlace _place = new();

    public GitLabTests()
    {
        _place.Git("remote", "set-url", "origin", "ssh://git@git.example.org:2222/acme/group/app.git");
        _place.Environment["GITLAB_TOKEN"] = "glpat-s3cret";
    }

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task APipelineThatPassesLetsTheCommitThrough()
    {
        using var forge = Play("[]", Pipelines((7, "created")), Pipelines((7, "running")), Pipelines((7, "success")));
        var (exitCode, output) = await _place.RunAsync();
        Assert.True(exitCode == 0, output);
        Assert.Contains("https://git.example.org/7", output, StringComparison.Ordinal);
        Assert.EndsWith("Done!\n", output, StringComparison.Ordinal);
        Assert.Equal(4, forge.Requests.Count);
        Assert.All(forge.Requests, request => Assert.Equal(($"/api/v4/projects/acme%2Fgroup%2Fapp/pipelines?sha={_place.Tested}&per_page=100", "Bearer glpat-s3cret"), request));
        Assert.DoesNotContain("s3cret", output, StringComparison.Ordinal);
        _place.HasOnlyMain(_place.Tested);
    }

    [Theory]
    [InlineData("failed")]
    [InlineData("canceled")]
    [InlineData("skipped")]
    public async Task APipelineThatDoesNotPassFails(string status)
    {
        using var forge = Play(Pipelines((7, "running")), Pipelines((7, status)));
        var (exitCode, output) = await _place.RunAsync();
        Assert.Equal(1, exitCode);
        Assert.Contains($"pipeline 7 {status}\n  https://git.example.org/7", output, StringComparison.Ordinal);
        _place.HasOnlyMain(_place.Before);
    }

    [Fact]
    public async Task TheNewestPipelineOfACommitCounts()
    {
        using var forge = Play(Pipelines((7, "failed"), (9, "running"), (8, "failed")), Pipelines((7, "failed"), (9, "success")));
        var (exitCode, output) = await _place.RunAsync();
        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public async Task TheRepositoryMayBeNamed()
    {
        _place.Git("remote", "set-url", "origin", _place["up.git"]);
        _place.Configure("repository", "ann/own");
        using var forge = Play(Pipelines((7, "success")));
        var (exitCode, output) = await _place.RunAsync();
        Assert.True(exitCode == 0, output);
        Assert.StartsWith("/api/v4/projects/ann%2Fown/pipelines", forge.Requests.First().Path, StringComparison.Ordinal);
    }

    private static string Pipelines(params (int Id, string Status)[] pipelines) =>
        $"[{string.Join(',', pipelines.Select(static one => $$"""{"id":{{one.Id}},"status":"{{one.Status}}","source":"push","web_url":"https://git.example.org/{{one.Id}}"}"""))}]";

    private PlayedForge Play(params string[] polls)
    {
        var forge = new PlayedForge((poll, _) => new(200, polls[Math.Min(poll, polls.Length) - 1]));
        _place.Configure("api", forge.Address + "/api/v4");
        return forge;
    }
}
