using System.Globalization;

namespace Mgmt.Acceptance.Tests;

/// <summary>Signals, and what becomes of running commands.</summary>
public sealed class SignalTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData(Signal.Interrupt)]
    [InlineData(Signal.Terminate)]
    public async Task AtRestItEndsInOrder(int signal)
    {
        await using var mgmt = MgmtProcess.Start("run", "--file", _place.Write("g.yaml", "graph: g\nresources:\n  noop: [{name: n}]\n"), "--tmp-prefix");
        await mgmt.LineAsync("converged");
        mgmt.Signal(signal);
        Assert.Equal(0, await mgmt.ExitAsync());
    }

    [Fact]
    public async Task WhatRunsMayFinishAndNothingNewStarts()
    {
        var go = _place["go"];
        var graph = _place.Write("g.yaml", $$"""
            graph: g
            resources:
              exec:
              - {name: a, shell: /bin/sh, cmd: 'touch {{_place["started"]}}; while ! test -e {{go}}; do sleep 0.05; done; touch {{_place["finished"]}}'}
              - {name: b, cmd: 'touch {{_place["b"]}}'}
            edges:
            - {name: e, from: {kind: exec, name: a}, to: {kind: exec, name: b} }
            """);
        await using var mgmt = MgmtProcess.Start("run", "--file", graph, "--tmp-prefix");
        await _place.FileAsync("started", "");
        mgmt.Signal(Signal.Terminate);
        await mgmt.LineAsync("SIGTERM");
        await File.WriteAllTextAsync(go, "");
        Assert.Equal(0, await mgmt.ExitAsync());
        Assert.True(File.Exists(_place["finished"]), mgmt.Seen);
        Assert.False(File.Exists(_place["b"]), mgmt.Seen);
    }

    [Fact]
    public async Task ASecondInterruptEndsCommandsWithAllTheirDescendants()
    {
        var graph = _place.Write("g.yaml", $$"""
            graph: g
            resources:
              exec:
              - {name: a, shell: /bin/sh, cmd: 'sleep 1000 & echo $! >{{_place["child"]}}; setsid sleep 1000 & echo $! >{{_place["escaped"]}}; echo $$ >{{_place["shell.new"]}}; mv {{_place["shell.new"]}} {{_place["shell"]}}; wait'}
            """);
        await using var mgmt = MgmtProcess.Start("run", "--file", graph, "--tmp-prefix");
        while (!File.Exists(_place["shell"])) await Task.Yield();
        var ids = new[] { "child", "escaped", "shell" }.Select(name => int.Parse(File.ReadAllText(_place[name]), CultureInfo.InvariantCulture)).ToList();
        Assert.All(ids, id => Assert.True(MgmtProcess.IsAlive(id)));
        mgmt.Signal(Signal.Interrupt);
        await mgmt.LineAsync("SIGINT");
        mgmt.Signal(Signal.Interrupt);
        Assert.Equal(1, await mgmt.ExitAsync());
        Assert.All(ids, id => Assert.False(MgmtProcess.IsAlive(id), $"{id} is still there"));
    }

    [Fact]
    public async Task QuitPrintsWhatEveryVertexDoesAndGoesOn()
    {
        var graph = _place.Write("g.yaml", $$"""
            graph: g
            resources:
              exec:
              - {name: fails, cmd: 'false'}
              - {name: waits, cmd: 'true'}
              - {name: runs, shell: /bin/sh, cmd: 'touch {{_place["started"]}}; while ! test -e {{_place["go"]}}; do sleep 0.05; done'}
            edges:
            - {name: e, from: {kind: exec, name: fails}, to: {kind: exec, name: waits} }
            """);
        await using var mgmt = MgmtProcess.Start("run", "--file", graph, "--tmp-prefix", "--converged-timeout", "0");
        await _place.FileAsync("started", "");
        await mgmt.LineAsync("Exec[fails]");
        mgmt.Signal(Signal.Quit);
        var runs = await mgmt.LineAsync("Exec[runs]");
        Assert.Contains("running", runs, StringComparison.OrdinalIgnoreCase);
        await File.WriteAllTextAsync(_place["go"], "");
        Assert.Equal(1, await mgmt.ExitAsync());
        Assert.Contains("Exec[waits]", mgmt.Seen, StringComparison.Ordinal);
        Assert.Contains("Exec[fails]", mgmt.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HangupReadsTheGraphAgain()
    {
        var graph = _place.Write("g.yaml", Touch("one"));
        await using var mgmt = MgmtProcess.Start("run", "--file", graph, "--tmp-prefix", "--no-watch");
        await _place.FileAsync("one", "");
        await mgmt.LineAsync("converged");
        _place.Replace("g.yaml", Touch("two"));
        mgmt.Signal(Signal.Hangup);
        await _place.FileAsync("two", "");
    }

    private string Touch(string name) => $"graph: g\nresources:\n  exec:\n  - {{name: {name}, cmd: 'touch {_place[name]}'}}\n";
}
