namespace Mgmt.Tools.Tests.Tpush;

/// <summary>What is seen on a terminal, which script(1) plays, and what elsewhere.</summary>
public sealed class TerminalTests : IDisposable
{
    private readonly GitPlace _place = new();

    public TerminalTests() => _place.WaitingCi();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task OnATerminalOneLineTurns()
    {
        await using var tpush = OnTerminal("stty cols 40; git tpush");
        foreach (var frame in "⠋⠙⠹") await tpush.TextAsync($"\r{frame} waiting for CI");
        _place.Go();
        Assert.Equal(0, await tpush.ExitAsync());
        Assert.Contains("\r\e[K", tpush.Seen, StringComparison.Ordinal);
        Assert.EndsWith("Done!\r\n", tpush.Seen, StringComparison.Ordinal);
        Assert.All(tpush.Seen.Split('\r').Where(static part => part.Contains("waiting for CI", StringComparison.Ordinal)), static part => Assert.True(part.Replace("\e[K", "", StringComparison.Ordinal).Length < 40, part));
    }

    [Fact]
    public async Task WithoutOneEveryLineIsPlainAndSaidOnce()
    {
        await using var tpush = _place.Start();
        await tpush.TextAsync("waiting for CI");
        File.Delete(_place["asked"]);
        while (!File.Exists(_place["asked"])) await Task.Yield();
        _place.Go();
        Assert.Equal(0, await tpush.ExitAsync());
        Assert.DoesNotContain('\r', tpush.Seen);
        Assert.DoesNotContain('\e', tpush.Seen);
        Assert.Equal(2, tpush.Seen.Split("waiting for CI").Length);
    }

    [Fact]
    public async Task CtrlCOnATerminalCleansUp()
    {
        _place.Configure("interval", "1h");
        await using var tpush = OnTerminal("git tpush");
        await tpush.TextAsync("waiting for CI");
        await tpush.WriteAsync("\x03");
        await tpush.ExitAsync();
        Assert.Contains("ended by Ctrl-C while waiting for CI", tpush.Seen, StringComparison.Ordinal);
        Assert.Contains("deleted tpush/main-1", tpush.Seen, StringComparison.Ordinal);
        _place.HasOnlyMain(_place.Before);
    }

    [Fact]
    public async Task CtrlCWhileTheTemporaryBranchIsPushedCleansUp()
    {
        _place.Git("remote", "set-url", "origin", GitPlace.Address);

        // The remote is still at work when the push is cut off here, and makes the branch afterwards.
        _place.Executable("up.git/hooks/pre-receive", $"#!/bin/sh\ntrap '' INT TERM HUP PIPE\ngrep -q {_place.Tested} || exit 0\ntouch {_place["receiving"]}\nwhile ! test -e {_place["go"]}; do sleep 0.05; done\n");
        await using var tpush = OnTerminal("git tpush");
        while (!File.Exists(_place["receiving"])) await Task.Yield();
        await tpush.WriteAsync("\x03");
        await tpush.TextAsync("ended by Ctrl-C while pushing tpush/main-1");
        var ended = tpush.ExitAsync();
        while (Looks() < 3 && !ended.IsCompleted) await Task.Yield();
        _place.Go();
        await ended;
        Assert.True(Looks() >= 3, $"it looked only once for what may come:\n{tpush.Seen}");
        Assert.Contains("deleted tpush/main-1", tpush.Seen, StringComparison.Ordinal);
        _place.HasOnlyMain(_place.Before);

        int Looks() => _place.Calls.Count(static call => call == "git-upload-pack");
    }

    private Command OnTerminal(string command) => Command.Start(_place["w"], _place.Environment, "script", "-qefc", command, "/dev/null");
}
