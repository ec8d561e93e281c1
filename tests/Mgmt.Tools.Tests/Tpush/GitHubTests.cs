using System.Text.RegularExpressions;

namespace Mgmt.Tools.Tests.Tpush;

/// <summary>CI as GitHub tells of it: by commit statuses and by checks.</summary>
public sealed class GitHubTests : IDisposable
{
    private const string NoStatus = """{"state":"pending","total_count":0,"statuses":[]}""";
    private const string NoChecks = """{"total_count":0,"check_runs":[]}""";

    private readonly GitPlace _place = new();

    public GitHubTests()
    {
        _place.Git("remote", "set-url", "origin", GitPlace.Address);
        _place.Environment["GITHUB_TOKEN"] = "tok-s3cret";
    }

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task StatusesAndChecksHaveToPass()
    {
        using var forge = Play(
            (NoStatus, NoChecks),
            (NoStatus, Checks(Run("build", "in_progress"))),
            (Status("success"), Checks(Run("build", "in_progress"))),
            (Status("pending"), Checks(Run("build", "completed", "success"))),
            (Status("success"), Checks(Run("build", "completed", "success"), Run("docs", "completed", "skipped"), Run("lint", "queued"))),
            (Status("success"), Checks(Run("build", "completed", "success"), Run("docs", "completed", "skipped"), Run("lint", "completed", "neutral"))));
        var (exitCode, output) = await _place.RunAsync();
        Assert.True(exitCode == 0, output);
        Assert.EndsWith("Done!\n", output, StringComparison.Ordinal);
        Assert.Equal(12, forge.Requests.Count);
        _place.HasOnlyMain(_place.Tested);
        var commit = $"/repos/acme/app/commits/{_place.Tested}/";
        Assert.Equal([$"{commit}check-runs?per_page=100&page=1", $"{commit}status?per_page=100"], forge.Requests.Select(static request => request.Path).Distinct().Order());
        Assert.All(forge.Requests, static request => Assert.Equal("Bearer tok-s3cret", request.Authorization));
        Assert.DoesNotContain("s3cret", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadmesSessionGoesAsItSays()
    {
        using var forge = Play(
            (NoStatus, Checks(Run("b", "completed", "success"), Run("a", "completed", "success"), Run("c", "in_progress"))),
            (NoStatus, Checks(Run("b", "completed", "success"), Run("a", "completed", "success"), Run("c", "completed", "success"))));
        _place.Write("w/frobnicator", "");
        _place.Git("add", "frobnicator");
        _place.Git("commit", "-q", "-m", "Have a frobnicator");
        _place.Write("w/frobnicator", "mended");
        var (_, command, output) = Readme.Session("git tpush\n").Last();
        var (exitCode, seen) = await Command.RunAsync(_place["w"], _place.Environment, "sh", "-c", $"exec 2>&1; {command}");
        Assert.Equal(0, exitCode);

        // What git commit says comes first.
        Assert.EndsWith("\n" + Plain(output) + "\n", Plain(seen), StringComparison.Ordinal);

        static string Plain(string text) => Regex.Replace(text, @"\b[0-9a-f]{10}\b", "COMMIT");
    }

    [Fact]
    public async Task OneGreenCheckBeforeTheOthersAreMadeIsNotEnough()
    {
        using var forge = Play(
            (NoStatus, Checks(Run("label", "completed", "success"))),
            (NoStatus, Checks(Run("label", "completed", "success"), Run("build", "queued"))),
            (NoStatus, Checks(Run("label", "completed", "success"), Run("build", "completed", "failure"))));
        var (exitCode, output) = await _place.RunAsync();
        Assert.Equal(1, exitCode);
        Assert.Contains("build\n  https://ci.example.org/build", output, StringComparison.Ordinal);
        _place.HasOnlyMain(_place.Before);
    }

    [Theory]
    [InlineData("failure")]
    [InlineData("cancelled")]
    [InlineData("timed_out")]
    [InlineData("action_required")]
    public async Task ACheckThatDidNotPassFails(string conclusion)
    {
        using var forge = Play((Status("success"), Checks(Run("lint", "in_progress"), Run("build", "completed", conclusion))));
        var (exitCode, output) = await _place.RunAsync();
        Assert.Equal(1, exitCode);
        Assert.Contains("https://ci.example.org/build", output, StringComparison.Ordinal);
        _place.HasOnlyMain(_place.Before);
    }

    [Theory]
    [InlineData("failure")]
    [InlineData("error")]
    public async Task AStatusThatIsNoSuccessFails(string state)
    {
        using var forge = Play((Status(state), NoChecks));
        var (exitCode, output) = await _place.RunAsync();
        Assert.Equal(1, exitCode);
        Assert.Contains("https://ci.example.org/status", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFailureBehindAHundredChecksIsSeen()
    {
        var first = Enumerable.Range(0, 100).Select(static number => Run($"check-{number}", "completed", "success")).ToArray();
        using var forge = new PlayedForge((_, path) => new(200, !path.Contains("check-runs", StringComparison.Ordinal) ? NoStatus : path.EndsWith("page=1", StringComparison.Ordinal) ? Checks(first) : Checks(Run("last", "completed", "failure"))));
        _place.Configure("api", forge.Address);
        var (exitCode, output) = await _place.RunAsync();
        Assert.Equal(1, exitCode);
        Assert.Contains("https://ci.example.org/last", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TroubleIsSaidAndWaitedOut()
    {
        using var forge = new PlayedForge((poll, path) => poll switch
        {
            1 => new(502, "<html>bad gateway</html>"),
            2 => new(200, "no JSON"),
            3 => new(429, "{}", RetryAfter: "1"),
            4 => new(403, "{}", RetryAfter: "1"),
            5 => new(404, "{}"),
            _ => new(200, path.Contains("check-runs", StringComparison.Ordinal) ? NoChecks : Status("success")),
        });
        _place.Configure("api", forge.Address + "/");
        var (exitCode, output) = await _place.RunAsync();
        Assert.True(exitCode == 0, output);
        foreach (var trouble in new[] { "answers 502; asking again", "answered what is not its API's; asking again", "its rate limit is reached; asking again", "knows no commit" }) Assert.Contains(trouble, output, StringComparison.Ordinal);
        _place.HasOnlyMain(_place.Tested);
    }

    [Fact]
    public async Task CiThatTellsNothingIsPending()
    {
        using var forge = Play((NoStatus, NoChecks));
        _place.Configure("timeout", "700ms");
        var (exitCode, output) = await _place.RunAsync();
        Assert.Equal(4, exitCode);
        Assert.Contains("nothing is told of it: does it run on branches tpush/*?", output, StringComparison.Ordinal);
        _place.HasOnlyMain(_place.Before);
    }

    [Fact]
    public async Task TroubleThatStaysIsNotWaitedForForever()
    {
        using var forge = new PlayedForge(static (_, _) => new(503, ""));
        _place.Configure("api", forge.Address);
        _place.Configure("patience", "500ms");
        var (exitCode, output) = await _place.RunAsync();
        Assert.Equal(4, exitCode);
        Assert.Contains("answers 503; your commits are still on main", output, StringComparison.Ordinal);
        Assert.True(forge.Requests.Count > 1);
        _place.HasOnlyMain(_place.Before);
    }

    [Fact]
    public async Task AForgeThatCannotBeReachedIsTrouble()
    {
        string gone;
        using (var forge = new PlayedForge(static (_, _) => new(200, ""))) gone = forge.Address;
        _place.Configure("api", gone);
        _place.Configure("patience", "300ms");
        var (exitCode, output) = await _place.RunAsync();
        Assert.Equal(4, exitCode);
        Assert.Contains($"cannot reach {gone}", output, StringComparison.Ordinal);
        _place.HasOnlyMain(_place.Before);
    }

    [Fact]
    public async Task ARefusalEndsItAtOnce()
    {
        using var forge = new PlayedForge(static (_, _) => new(401, """{"message":"Bad credentials"}"""));
        _place.Configure("api", forge.Address);
        var (exitCode, output) = await _place.RunAsync();
        Assert.Equal(2, exitCode);
        Assert.Contains("(401): Bad credentials; it needs a token that may read statuses, checks or pipelines, in GITHUB_TOKEN", output, StringComparison.Ordinal);
        Assert.Single(forge.Requests);
        _place.HasOnlyMain(_place.Before);
    }

    [Fact]
    public async Task TheTokenIsNoArgumentAndGhKnowsItToo()
    {
        using var forge = Play((NoStatus, Checks(Run("build", "completed", "failure"))));
        _place.Environment["GITHUB_TOKEN"] = null;
        _place.Executable("bin/gh", $"#!/bin/sh\n[ \"$*\" = 'auth token --hostname github.com' ] && echo tok-of-gh\n");
        _place.Executable("bin/curl", $"#!/bin/sh\necho \"$@\" >>{_place["arguments"]}\nexec /usr/bin/curl \"$@\"\n");
        var (exitCode, output) = await _place.RunAsync();
        Assert.Equal(1, exitCode);
        Assert.All(forge.Requests, static request => Assert.Equal("Bearer tok-of-gh", request.Authorization));
        Assert.DoesNotContain("tok-of-gh", output + await File.ReadAllTextAsync(_place["arguments"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("git@github.com:acme/app.git", "https://api.github.com/repos/acme/app/commits/")]
    [InlineData("ssh://git@github.com/acme/app", "https://api.github.com/repos/acme/app/commits/")]
    [InlineData("git@gitlab.com:acme/group/app.git", "https://gitlab.com/api/v4/projects/acme%2Fgroup%2Fapp/pipelines?sha=")]
    public async Task TheAddressOfTheRemoteTellsWhomToAsk(string remote, string expected)
    {
        _place.Git("remote", "set-url", "origin", remote);
        _place.Executable("bin/curl", $"#!/bin/sh\necho \"$@\" >>{_place["arguments"]}\necho 'no network' >&2\nexit 6\n");
        _place.Configure("patience", "100ms");
        var (exitCode, output) = await _place.RunAsync();
        Assert.True(exitCode == 4, output);
        Assert.Contains(" " + expected + _place.Tested, await File.ReadAllTextAsync(_place["arguments"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://git.example.org/api/v3", "tok", "cannot send a token to http://git.example.org/api/v3, which is not encrypted")]
    [InlineData("ftp://git.example.org", "tok", "cannot take tpush.api")]
    [InlineData("https://git.example.org/api/v3", "to\"k", "it has characters that no token has")]
    public async Task ATokenGoesNowhereElse(string api, string token, string expected)
    {
        _place.Configure("api", api);
        _place.Environment["GITHUB_TOKEN"] = token;
        var (exitCode, output) = await _place.RunAsync();
        Assert.Equal(2, exitCode);
        Assert.Contains(expected, output, StringComparison.Ordinal);
        Assert.Equal("", _place.Received);
    }

    [Fact]
    public async Task WhatIsMissingHereIsSaidBeforeAnythingIsPushed()
    {
        foreach (var program in new[] { "bash", "git", "sed", "tr", "head", "awk", "mktemp", "rm", "dirname", "realpath", "cat", "sh" }) File.CreateSymbolicLink(_place["bin/" + program], "/usr/bin/" + program);
        _place.Environment["PATH"] = $"{_place["bin"]}:{Command.Tools}";
        var (exitCode, output) = await Command.RunAsync(_place["w"], _place.Environment, "git-tpush");
        Assert.Equal(2, exitCode);
        Assert.Contains("curl is not installed; install it, or name another way by git config tpush.status CMD", output, StringComparison.Ordinal);
        Assert.Equal("", _place.Received);
    }

    private static string Status(string state) => $$"""{"state":"{{(state == "error" ? "failure" : state)}}","total_count":1,"statuses":[{"context":"ci","state":"{{state}}","target_url":"https://ci.example.org/status"}]}""";

    private static string Run(string name, string status, string? conclusion = null) =>
        $$"""{"name":"{{name}}","status":"{{status}}","conclusion":{{(conclusion is null ? "null" : $"\"{conclusion}\"")}},"html_url":"https://ci.example.org/{{name}}"}""";

    private static string Checks(params string[] runs) => $$"""{"total_count":{{runs.Length}},"check_runs":[{{string.Join(',', runs)}}]}""";

    /// <summary>A forge that answers so at each poll, and stays with the last one.</summary>
    private PlayedForge Play(params (string Status, string Checks)[] polls)
    {
        var forge = new PlayedForge((poll, path) =>
        {
            var (status, checks) = polls[Math.Min(poll, polls.Length) - 1];
            return new(200, path.Contains("check-runs", StringComparison.Ordinal) ? checks : status);
        });
        _place.Configure("api", forge.Address);
        return forge;
    }
}
