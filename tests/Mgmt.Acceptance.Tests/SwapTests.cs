namespace Mgmt.Acceptance.Tests;

/// <summary>New versions of the graph while the agent runs.</summary>
public sealed class SwapTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task WhatDidNotChangeIsNotRunAgain()
    {
        var graph = _place.Write("g.yaml", Graph(("one", "1"), ("two", "1")));
        await using var mgmt = MgmtProcess.Start("run", "--file", graph, "--tmp-prefix");
        await mgmt.LineAsync("converged");
        _place.Replace("g.yaml", Graph(("two", "1"), ("three", "1")));
        await mgmt.LineAsync("converged");
        _place.Replace("g.yaml", Graph(("two", "2"), ("three", "1")));
        await mgmt.LineAsync("converged");
        var log = await File.ReadAllLinesAsync(_place["log"]);

        // No edge says which of the first two is first.
        Assert.Equal(["one 1", "two 1"], log[..2].Order(StringComparer.Ordinal));
        Assert.Equal(["three 1", "two 2"], log[2..]);
    }

    [Fact]
    public async Task AWrongVersionIsReportedAndTheOldOneGoesOn()
    {
        var graph = _place.Write("g.yaml", FileGraph("kept"));
        await using var mgmt = MgmtProcess.Start("run", "--file", graph, "--tmp-prefix");
        await mgmt.LineAsync("converged");
        _place.Replace("g.yaml", "graph: g\nresources:\n  flie: []\n");
        await mgmt.LineAsync("g.yaml:3:3: cannot");
        File.Delete(_place["f"]);
        await _place.FileAsync("f", "kept");
        _place.Replace("g.yaml", FileGraph("newer"));
        await _place.FileAsync("f", "newer");
    }

    [Fact]
    public async Task EditorsThatWriteInPlaceOrDeleteFirstAreFollowed()
    {
        var graph = _place.Write("g.yaml", FileGraph("one"));
        await using var mgmt = MgmtProcess.Start("run", "--file", graph, "--tmp-prefix");
        await _place.FileAsync("f", "one");
        await File.WriteAllTextAsync(graph, FileGraph("two"));
        await _place.FileAsync("f", "two");
        File.Delete(graph);
        await mgmt.LineAsync("cannot read");
        await File.WriteAllTextAsync(graph, FileGraph("three"));
        await _place.FileAsync("f", "three");
    }

    [Fact]
    public async Task ADirectoryIsOneGraphAndItsFilesMayComeAndGo()
    {
        Directory.CreateDirectory(_place["graphs"]);
        _place.Write("graphs/10.yaml", Graph(("one", "1")));
        await using var mgmt = MgmtProcess.Start("run", "--file", _place["graphs"], "--tmp-prefix");
        await mgmt.LineAsync("converged");
        _place.Write("20.new", "resources:\n  exec:\n" + Entry("two", "1") + "edges:\n- {name: e, from: {kind: exec, name: one}, to: {kind: exec, name: two}}\n");
        File.Move(_place["20.new"], _place["graphs/20.yaml"]);
        await mgmt.LineAsync("converged");
        Assert.Equal("one 1\ntwo 1\n", await File.ReadAllTextAsync(_place["log"]));
        File.Delete(_place["graphs/20.yaml"]);
        await mgmt.LineAsync("1 removed");
    }

    private string Graph(params (string Name, string Version)[] commands) => "graph: g\nresources:\n  exec:\n" + string.Concat(commands.Select(one => Entry(one.Name, one.Version)));

    private string Entry(string name, string version) => $"  - {{name: {name}, shell: /bin/sh, cmd: 'echo {name} {version} >>{_place["log"]}'}}\n";

    private string FileGraph(string content) => $"graph: g\nresources:\n  file:\n  - {{name: f, path: {_place["f"]}, content: {content}}}\n";
}
