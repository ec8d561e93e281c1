namespace Mgmt.Acceptance.Tests;

/// <summary>Exported and collected resources from outside: three agents of one mesh on this machine, and one alone.</summary>
public sealed class ExchangeTests : IAsyncLifetime
{
    private readonly Workplace _place = new();
    private readonly List<MgmtProcess> _agents = [];
    private readonly int[] _ports = [.. MeshPorts.Free(6)];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var agent in _agents) await agent.DisposeAsync();
        _place.Dispose();
    }

    [Fact]
    public async Task ThreeHostsHaveAllFilesOfAll()
    {
        foreach (var host in "abc") _place.Write($"{host}.yaml", Example(host));
        foreach (var host in "abc") Start(host);
        foreach (var host in "abc")
        {
            foreach (var exporter in "abc")
            {
                await _place.FileAsync(File(host, $"f3{exporter}"), $"i am f3, exported from host {Upper(exporter)}\n");
                await _place.FileAsync(File(host, $"f4{exporter}"), $"i am f4, exported from host {Upper(exporter)}\n");
            }

            await _place.FileAsync(File(host, $"f1{host}"), "i am f1\n");
            await _place.FileAsync(File(host, $"f2{host}"), "i am f2\n");
        }

        Assert.Equal(24, Directory.GetFiles(_place.Root, "f*", SearchOption.AllDirectories).Length);
        await AChangeRunsOnlyWhatChangedAsync();
        await WhatIsTakenBackVanishesFromGraphsAsync();
        await ARestartWritesNothingAsync();
        await WithoutAQuorumTheLastKnownIsKeptAsync();
    }

    [Fact]
    public async Task OneHostAloneCollectsItsOwn()
    {
        _place.Write("a.yaml", Example('a'));
        await using var agent = MgmtProcess.Start("run", "--file", _place["a.yaml"], "--prefix", _place["pa"]);
        await agent.LineAsync("warning: cannot exchange resources with peers");
        await _place.FileAsync(File('a', "f3a"), "i am f3, exported from host A\n");
        await agent.LineAsync("converged: 4 checked, 4 changed");
    }

    [Fact]
    public async Task WhatSomebodyElsePutsThereIsData()
    {
        _place.Write("a.yaml", "graph: g\ncollect: [{kind: file, pattern: " + _place["c/"] + "}]\n");
        await using var agent = MgmtProcess.Start("run", "--store", "--file", _place["a.yaml"], "--prefix", _place["pa"]);
        await agent.LineAsync("store: open");
        await PutAsync("evil", """{"version":1,"resources":[{"name":"a","fields":{"path":"/x/good","content":"$(id) {{ x }} *y\n- z"}},{"name":"b","fields":{"path":"/x/../../etc/bad"}},{"name":"c","fields":{"path":"/x/su","mode":"4755"}}]}""");
        await agent.LineAsync("warning: cannot collect File[b] of evil: ");
        await agent.LineAsync("warning: cannot collect File[c] of evil: ");
        await _place.FileAsync("c/good", "$(id) {{ x }} *y\n- z");
        await PutAsync("evil", """{"version":2}""");
        await agent.LineAsync("written in version 2, and this program reads version 1; upgrade mgmt on this host; what it exported before stays");
        await PutAsync("other", """{"version":1,"resources":[{"name":"a","fields":{"path":"/y/good"}}]}""");
        await agent.LineAsync($"warning: cannot collect File[a] of other as {_place["c/good"]}: File[a] of evil is collected as that, and stays");
        await _place.FileAsync("c/good", "$(id) {{ x }} *y\n- z");
        Assert.Equal(["good"], Directory.GetFiles(_place["c"]).Select(Path.GetFileName));
    }

    [Fact]
    public async Task TheDemoShowsTheTreeGrow()
    {
        await using var demo = MgmtProcess.Start([_place["demo"]], new() { ["MGMT_BINARY"] = MgmtProcess.Binary }, Path.GetFullPath(Path.Combine(ExampleTests.Examples, "../tools/demo-mesh")));
        foreach (var count in new[] { 4, 12, 24 }) await demo.LineAsync($"{count} files");
        foreach (var host in "ABC") await demo.LineAsync($"mgmt{host}/f3a:i am f3, changed by host A");
        Assert.Equal(0, await demo.ExitAsync());
    }

    /// <summary>Five hosts with addresses of their own, let in by tokens one after the other.</summary>
    [NetworkFact]
    public async Task TheDemoOverNetworksShowsItToo()
    {
        var program = Path.GetFullPath(Path.Combine(ExampleTests.Examples, "../tools/demo-mesh"));
        await using var demo = MgmtProcess.Start(["--networks", _place["demo"]], new() { ["MGMT_BINARY"] = MgmtProcess.Binary }, program);
        foreach (var files in new[] { 4, 12, 24, 40, 60 }) await demo.LineAsync($"{files} files");
        await demo.LineAsync("as voter 5 of 5");
        Assert.True(await demo.ExitAsync() == 0, demo.Seen);
    }

    [Fact]
    public async Task UnderNoopNothingIsExported()
    {
        _place.Write("a.yaml", Example('a'));
        await using var agent = MgmtProcess.Start("run", "--store", "--noop", "--file", _place["a.yaml"], "--prefix", _place["pa"], "--hostname", "a");
        await agent.LineAsync("store: open");
        await PutAsync("b", """{"version":1,"resources":[{"name":"n","fields":{"path":"/x"}}]}""");
        await agent.LineAsync("File[n@b]: missing");
        await using var kept = MgmtProcess.Start("kv", "get", "mgmt/exports/", "--prefix", "--keys-only", "--socket", Socket("pa"));
        Assert.Equal(0, await kept.ExitAsync());
        Assert.Equal("mgmt/exports/b/file", kept.Seen.Trim());
    }

    [Fact]
    public async Task ExportsEndWithTheGrace()
    {
        _place.Write("a.yaml", "graph: g\nresources:\n  noop: [{name: \"@@n\"}]\n");
        await using (var agent = MgmtProcess.Start("run", "--store", "--export-grace", "2", "--file", _place["a.yaml"], "--prefix", _place["pa"], "--hostname", "a"))
        {
            await agent.LineAsync("store: exported 1 resource");
            agent.Signal(Signal.KillNow);
            await agent.ExitAsync();
        }

        await using var other = MgmtProcess.Start("run", "--store", "--prefix", _place["pa"], "--hostname", "b");
        await other.LineAsync("store: open");
        await using var watch = MgmtProcess.Start("kv", "watch", "mgmt/exports/a/noop", "--rev", "1", "--socket", Socket("pa"));
        await watch.LineAsync("PUT");
        await watch.LineAsync("DELETE");
    }

    private async Task AChangeRunsOnlyWhatChangedAsync()
    {
        _place.Replace("a.yaml", Example('a').Replace("i am f3, exported from host A", "i am new", StringComparison.Ordinal));
        foreach (var host in "abc") await _place.FileAsync(File(host, "f3a"), "i am new\n");
        await _agents[2].LineAsync("0 new, 1 changed, 0 removed, 7 kept");
        await _agents[2].LineAsync("converged: 1 checked, 1 changed");
    }

    private async Task WhatIsTakenBackVanishesFromGraphsAsync()
    {
        _place.Replace("a.yaml", Example('a').Replace("@@file4a", "file4a", StringComparison.Ordinal));
        foreach (var host in "bc") await _agents[host - 'a'].LineAsync("1 removed");
        Assert.True(System.IO.File.Exists(_place[File('b', "f4a")]));
    }

    private async Task ARestartWritesNothingAsync()
    {
        var before = await WritesAsync();
        _agents[0].Signal(Signal.Terminate);
        await _agents[0].ExitAsync();
        _agents[0] = Run('a');
        await _agents[0].LineAsync("store: open");
        System.IO.File.Delete(_place[File('a', "f3b")]);
        await _place.FileAsync(File('a', "f3b"), "i am f3, exported from host B\n");
        _place.Replace("b.yaml", Example('b').Replace("i am f3, exported from host B", "i am newer", StringComparison.Ordinal));
        await _place.FileAsync(File('a', "f3b"), "i am newer\n");
        Assert.Equal(before + 1, await WritesAsync());
    }

    // Two of three are gone, and the third is started anew: it knows from its disk what it collected, and goes on with its own graph.
    private async Task WithoutAQuorumTheLastKnownIsKeptAsync()
    {
        foreach (var (agent, signal) in _agents.Zip([Signal.Terminate, Signal.KillNow, Signal.KillNow]))
        {
            agent.Signal(signal);
            await agent.ExitAsync();
        }

        foreach (var name in new[] { "f3b", "f3c", "f1a" }) System.IO.File.Delete(_place[File('a', name)]);
        _agents[0] = Run('a');
        await _place.FileAsync(File('a', "f3b"), "i am newer\n");
        await _place.FileAsync(File('a', "f3c"), "i am f3, exported from host C\n");
        await _place.FileAsync(File('a', "f1a"), "i am f1\n");
        _place.Replace("a.yaml", Example('a').Replace("i am f1", "i am first", StringComparison.Ordinal));
        await _place.FileAsync(File('a', "f1a"), "i am first\n");
        await _agents[0].LineAsync("warning: cannot exchange resources: ");
    }

    private void Start(char host) => _agents.Add(Run(host));

    private MgmtProcess Run(char host) => MgmtProcess.Start(
        "run", "--file", _place[$"{host}.yaml"], "--hostname", $"host{host}", "--prefix", _place[$"p{host}"], "--insecure", "--peers", string.Join(',', _ports.Take(3).Select(static port => $"127.0.0.1:{port}")),
        "--listen", $"127.0.0.1:{_ports[host - 'a']}", "--raft-listen", $"127.0.0.1:{_ports[host - 'a' + 3]}");

    private string Example(char host) => System.IO.File.ReadAllText(Path.Combine(ExampleTests.Examples, $"graph3{host}.yaml")).Replace("/tmp/", _place.Root + "/", StringComparison.Ordinal);

    // How often what is exported was written: other things change in the store by themselves.
    private async Task<long> WritesAsync()
    {
        var (exitCode, output) = await MgmtProcess.RunAsync("kv", "get", "mgmt/exports/", "--prefix", "-o", "json", "--socket", Socket("pb"));
        Assert.True(exitCode == 0, output);
        using var json = System.Text.Json.JsonDocument.Parse(output);
        return json.RootElement.GetProperty("kvs").EnumerateArray().Sum(static one => one.GetProperty("version").GetInt64());
    }

    private async Task PutAsync(string host, string sheet)
    {
        var (exitCode, output) = await MgmtProcess.RunAsync("kv", "put", $"mgmt/exports/{host}/file", sheet, "--socket", Socket("pa"));
        Assert.True(exitCode == 0, output);
    }

    private string Socket(string prefix) => Path.Combine(_place[prefix], "agent.sock");

    private static string File(char host, string name) => $"mgmt{Upper(host)}/{name}";

    private static char Upper(char host) => char.ToUpperInvariant(host);
}
