namespace Mgmt.Tools.Tests.Tpush;

/// <summary>What becomes of a commit that CI passes, and of one that it does not pass.</summary>
public sealed class TpushTests : IDisposable
{
    private readonly GitPlace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task TheCommitThatWasTestedIsTheOneThatIsPushed()
    {
        _place.WaitingCi();
        _place.Write("w/scratch", "a dirty tree is no matter");
        await using var tpush = _place.Start();
        await tpush.TextAsync("waiting for CI of tpush/main-1");
        Assert.Equal(new Dictionary<string, string> { ["main"] = _place.Before, ["tpush/main-1"] = _place.Tested }, _place.Branches);
        _place.Commit("three, which comes too late");
        _place.Go();
        Assert.Equal(0, await tpush.ExitAsync());
        Assert.EndsWith("Done!\n", tpush.Seen, StringComparison.Ordinal);
        Assert.Contains("CI passed", tpush.Seen, StringComparison.Ordinal);
        Assert.Contains("https://ci.example.org/7", tpush.Seen, StringComparison.Ordinal);
        Assert.Contains("main has 1 newer commits by now, which were neither tested nor pushed", tpush.Seen, StringComparison.Ordinal);
        _place.HasOnlyMain(_place.Tested);
        Assert.Equal(["main", "tpush/main-1"], _place.Received.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split("refs/heads/")[1]).Distinct().Order());
    }

    [Fact]
    public async Task TheTemporaryBranchIsDeletedBeforeTheRealOneIsPushed()
    {
        _place.Configure("status", "exit 0");
        var (exitCode, output) = await _place.RunAsync();
        Assert.True(exitCode == 0, output);
        var zero = new string('0', 40);
        Assert.Equal($"{zero} {_place.Tested} refs/heads/tpush/main-1\n{_place.Tested} {zero} refs/heads/tpush/main-1\n{_place.Before} {_place.Tested} refs/heads/main\n", _place.Received);
    }

    [Fact]
    public async Task WhatCiFailsStaysHere()
    {
        _place.Go();
        _place.WaitingCi(exitCode: 1);
        var (exitCode, output) = await _place.RunAsync();
        Assert.Equal(1, exitCode);
        Assert.Contains("CI failed", output, StringComparison.Ordinal);
        Assert.Contains("https://ci.example.org/7", output, StringComparison.Ordinal);
        Assert.Contains("git commit --amend", output, StringComparison.Ordinal);
        Assert.Contains("git reset --soft HEAD^", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Done!", output, StringComparison.Ordinal);
        _place.HasOnlyMain(_place.Before);
        Assert.Equal(_place.Tested, _place.Git("rev-parse", "main"));
    }

    [Theory]
    [InlineData(Signal.Interrupt, 130, "Ctrl-C")]
    [InlineData(Signal.Terminate, 143, "SIGTERM")]
    [InlineData(Signal.Hangup, 129, "SIGHUP")]
    public async Task ASignalCleansUpAndSaysSo(int signal, int expected, string name)
    {
        _place.WaitingCi();
        _place.Configure("interval", "1h");
        await using var tpush = Command.Start(_place["w"], _place.Environment, "git-tpush");
        await tpush.TextAsync("waiting for CI");
        tpush.Signal(signal);
        Assert.Equal(expected, await tpush.ExitAsync());
        Assert.Contains($"ended by {name} while waiting for CI; your commits are still on main, and origin/main is as it was", tpush.Seen, StringComparison.Ordinal);
        Assert.Contains("deleted tpush/main-1", tpush.Seen, StringComparison.Ordinal);
        _place.HasOnlyMain(_place.Before);
    }

    [Fact]
    public async Task ASignalIsHeardWhileTheStatusCommandHangs()
    {
        _place.Configure("status", $"touch {_place["asked"]}; exec sleep 1000");
        _place.Executable("bin/sleep", "#!/bin/sh\necho $$ >$0.id; exec /usr/bin/sleep \"$@\"\n");
        await using var tpush = Command.Start(_place["w"], _place.Environment, "git-tpush");
        await tpush.TextAsync("testing");
        while (Stub() is "") await Task.Yield();
        tpush.Signal(Signal.Terminate);
        Assert.Equal(143, await tpush.ExitAsync());
        _place.HasOnlyMain(_place.Before);
        Assert.False(Runs(Stub()), "the status command still runs");

        string Stub() => File.Exists(_place["bin/sleep.id"]) ? File.ReadAllText(_place["bin/sleep.id"]).Trim() : "";
        static bool Runs(string id) => File.Exists($"/proc/{id}/stat") && !File.ReadAllText($"/proc/{id}/stat").Contains(") Z", StringComparison.Ordinal);
    }

    [Fact]
    public async Task CiThatTakesTooLongIsNotWaitedFor()
    {
        _place.WaitingCi();
        _place.Configure("timeout", "600ms");
        var (exitCode, output) = await _place.RunAsync();
        Assert.Equal(4, exitCode);
        Assert.Contains("CI took too long", output, StringComparison.Ordinal);
        Assert.Contains("https://ci.example.org/7", output, StringComparison.Ordinal);
        _place.HasOnlyMain(_place.Before);
    }

    [Fact]
    public async Task AStatusCommandThatHangsEndsWithTheTimeToo()
    {
        _place.Configure("status", "sleep 1000");
        _place.Configure("timeout", "600ms");
        var (exitCode, output) = await _place.RunAsync();
        Assert.True(exitCode == 4, output);
        _place.HasOnlyMain(_place.Before);
    }

    [Fact]
    public async Task TheRealBranchThatMovedMeanwhileIsLeftAlone()
    {
        _place.WaitingCi();
        await using var tpush = _place.Start();
        await tpush.TextAsync("waiting for CI");
        var theirs = _place.Commit("faster", "others");
        _place.GitIn(_place["others"], "push", "-q", "origin", "main");
        _place.Go();
        Assert.Equal(3, await tpush.ExitAsync());
        Assert.Contains($"it has moved while CI ran (now at {theirs[..10]}, \"faster\" by Ann); git pull --rebase, then git tpush", tpush.Seen, StringComparison.Ordinal);
        Assert.DoesNotContain("Done!", tpush.Seen, StringComparison.Ordinal);
        _place.HasOnlyMain(theirs);
    }

    [Fact]
    public async Task ABranchThatCouldNotBePushedIsNotTested()
    {
        _place.Configure("status", "exit 0");
        var theirs = _place.Commit("before", "others");
        _place.GitIn(_place["others"], "push", "-q", "origin", "main");
        _place.Write("received", "");
        var (exitCode, output) = await _place.RunAsync();
        Assert.Equal(3, exitCode);
        Assert.Contains($"it has commits that main has not (now at {theirs[..10]}, \"before\" by Ann); git pull --rebase, then git tpush", output, StringComparison.Ordinal);
        Assert.Equal("", _place.Received);
    }

    [Fact]
    public async Task AStatusCommandKnowsWhatItIsAskedFor()
    {
        _place.Configure("status", $"echo $TPUSH_SHA $TPUSH_REMOTE $TPUSH_BRANCH $TPUSH_TEMPORARY >{_place["said"]}; exit 7");
        var (exitCode, output) = await _place.RunAsync();
        Assert.Equal(2, exitCode);
        Assert.Contains("ended with exit code 7, which is none of 0 (passed), 1 (failed) and 2 (pending)", output, StringComparison.Ordinal);
        Assert.Equal($"{_place.Tested} origin main tpush/main-1\n", await File.ReadAllTextAsync(_place["said"]));
        _place.HasOnlyMain(_place.Before);
    }

    [Fact]
    public async Task WhatCiSaysSteersNoTerminal()
    {
        _place.Configure("status", "printf 'https://ci/\\033]0;evil\\007\\033[2J\\n'; exit 1");
        var (_, output) = await _place.RunAsync();
        Assert.Contains("https://ci/]0;evil[2J", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', output);
    }
}
