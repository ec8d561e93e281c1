namespace Mgmt.Tools.Tests.Tpush;

/// <summary>Which branch is pushed where, under which name it is tested, and when nothing is pushed at all.</summary>
public sealed class BeginningTests : IDisposable
{
    private readonly GitPlace _place = new();

    public BeginningTests() => _place.Configure("status", "exit 0");

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task TheFirstFreeNameIsTaken()
    {
        _place.Git("push", "-q", "origin", "HEAD^:refs/heads/tpush/main-1", "HEAD^:refs/heads/tpush/main-3");
        var (exitCode, output) = await _place.RunAsync();
        Assert.True(exitCode == 0, output);
        Assert.Contains(" refs/heads/tpush/main-2\n", _place.Received, StringComparison.Ordinal);
        Assert.Equal(["main", "tpush/main-1", "tpush/main-3"], _place.Branches.Keys.Order());
    }

    [Fact]
    public async Task ANameThatSomebodyTakesMeanwhileIsTheirs()
    {
        // The hook runs when the names are known and nothing is pushed yet.
        _place.Executable("w/.git/hooks/pre-push", $"#!/bin/sh\ncd {_place["up.git"]} && env -u GIT_DIR git update-ref refs/heads/tpush/main-1 {_place.Before}\n");
        var (exitCode, output) = await _place.RunAsync();
        Assert.True(exitCode == 0, output);
        Assert.Contains("somebody else has just taken tpush/main-1, so the next one", output, StringComparison.Ordinal);
        Assert.Contains("deleted tpush/main-2", output, StringComparison.Ordinal);
        Assert.Equal(new Dictionary<string, string> { ["main"] = _place.Tested, ["tpush/main-1"] = _place.Before }, _place.Branches);
    }

    [Fact]
    public async Task ANameThatSomebodyTakesBeforeThePushIsTheirs()
    {
        // The push would find an ancestor of its commit there, and could go on from it.
        _place.Git("remote", "set-url", "origin", GitPlace.Address);
        _place.SshHere($"case $last in *receive*) test -e {_place["taken"]} || {{ touch {_place["taken"]}; git --git-dir={_place["up.git"]} update-ref refs/heads/tpush/main-1 {_place.Before}; }} ;; esac");
        var (exitCode, output) = await _place.RunAsync();
        Assert.True(exitCode == 0, output);
        Assert.Contains("somebody else has just taken tpush/main-1, so the next one", output, StringComparison.Ordinal);
        Assert.Equal(new Dictionary<string, string> { ["main"] = _place.Tested, ["tpush/main-1"] = _place.Before }, _place.Branches);
    }

    [Fact]
    public async Task ATemporaryBranchThatSomebodyPushedToIsLeft()
    {
        _place.Configure("status", $"git --git-dir={_place["up.git"]} update-ref refs/heads/tpush/main-1 {_place.Before}; exit 1");
        var (exitCode, output) = await _place.RunAsync();
        Assert.Equal(1, exitCode);
        Assert.Contains("left tpush/main-1: somebody pushed something else to it", output, StringComparison.Ordinal);
        Assert.Equal(_place.Before, _place.Branches["tpush/main-1"]);
    }

    [Fact]
    public async Task TheUpstreamIsTheRealBranch()
    {
        _place.Git("switch", "-q", "-c", "fix/it", "--track", "origin/main");
        var mended = _place.Commit("mended");
        var (exitCode, output) = await _place.RunAsync();
        Assert.True(exitCode == 0, output);
        Assert.Contains("as tpush/fix/it-1 for origin/main", output, StringComparison.Ordinal);
        _place.HasOnlyMain(mended);
    }

    [Fact]
    public async Task ABranchWithoutUpstreamIsMadeUnderItsName()
    {
        _place.Git("switch", "-q", "-c", "new");
        var (exitCode, output) = await _place.RunAsync();
        Assert.True(exitCode == 0, output);
        Assert.Equal(new Dictionary<string, string> { ["main"] = _place.Before, ["new"] = _place.Tested }, _place.Branches);
    }

    [Theory]
    [InlineData("branch.main.pushRemote")]
    [InlineData("remote.pushDefault")]
    public async Task ThePushRemoteComesFirst(string setting)
    {
        _place.GitIn(_place[""], "init", "-q", "--bare", "mine.git");
        _place.Git("remote", "add", "mine", _place["mine.git"]);
        _place.Git("config", setting, "mine");
        var (exitCode, output) = await _place.RunAsync();
        Assert.True(exitCode == 0, output);
        Assert.Equal($"{_place.Tested} refs/heads/main", _place.GitIn(_place["mine.git"], "for-each-ref", "--format=%(objectname) %(refname)"));
        Assert.Equal("", _place.Received);
    }

    [Fact]
    public async Task WhatIsThereNeedsNoPush()
    {
        _place.Git("push", "-q", "origin", "main");
        _place.Write("received", "");
        var (exitCode, output) = await _place.RunAsync();
        Assert.Equal(0, exitCode);
        Assert.Equal($"nothing to push: origin/main has {_place.Tested[..10]} already\n", output);
        Assert.Equal("", _place.Received);
    }

    [Theory]
    [InlineData("git checkout -q --detach", "cannot push a detached HEAD")]
    [InlineData("git checkout -q --orphan empty", "it has no commit yet")]
    [InlineData("git remote remove origin", "there is no remote \"origin\"; git remote add origin URL makes one")]
    [InlineData("git config --unset tpush.status", "cannot tell how CI of")]
    [InlineData("git config tpush.timeout soon", "cannot take tpush.timeout \"soon\": it is a number with ms, s, m or h, such as 90s")]
    [InlineData("git remote set-url origin /nowhere/at/all", "cannot look at /nowhere/at/all: see git's message above")]
    [InlineData("rm -rf .git", "not a git repository")]
    public async Task WhatCannotBeginSaysWhy(string before, string expected)
    {
        await Command.RunAsync(_place["w"], _place.Environment, "sh", "-c", before);
        var (exitCode, output) = await Command.RunAsync(_place["w"], _place.Environment, "git-tpush");
        Assert.Equal(2, exitCode);
        Assert.Contains(expected, output, StringComparison.Ordinal);
        Assert.Equal("", _place.Received);
    }

    [Fact]
    public async Task AHookThatRefusesThePushEndsIt()
    {
        _place.Executable("w/.git/hooks/pre-push", "#!/bin/sh\necho not on a Monday >&2\nexit 1\n");
        var (exitCode, output) = await _place.RunAsync();
        Assert.Equal(2, exitCode);
        Assert.Contains("not on a Monday", output, StringComparison.Ordinal);
        _place.HasOnlyMain(_place.Before);
    }

    [Fact]
    public async Task ARealBranchThatIsProtectedIsSaid()
    {
        _place.Executable("up.git/hooks/update", "#!/bin/sh\ncase $1 in refs/heads/main) echo protected branch >&2; exit 1 ;; esac\n");
        var (exitCode, output) = await _place.RunAsync();
        Assert.Equal(2, exitCode);
        Assert.Contains("protected branch", output, StringComparison.Ordinal);
        Assert.Contains("though CI passed it", output, StringComparison.Ordinal);
        _place.HasOnlyMain(_place.Before);
    }

    [Fact]
    public async Task LoginsInAddressesAreNotPrinted()
    {
        _place.Git("config", "--unset", "tpush.status");
        _place.Git("remote", "set-url", "origin", "https://ann:s3cret@git.example.org/acme/app.git");
        var (exitCode, output) = await _place.RunAsync();
        Assert.Equal(2, exitCode);
        Assert.Contains("https://git.example.org/acme/app.git", output, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HelpAndMistakesInTheCommandLine()
    {
        var (exitCode, help) = await _place.RunAsync("-h");
        Assert.Equal(0, exitCode);
        foreach (var word in new[] { "git config", "tpush.status", "tpush.api", "tpush.timeout", "exit codes:", "GITLAB_TOKEN" }) Assert.Contains(word, help, StringComparison.Ordinal);
        Assert.Equal((64, help), await _place.RunAsync("--force"));
    }
}
