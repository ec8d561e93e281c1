using System.Text.Json;

namespace Mgmt.Acceptance.Tests;

/// <summary>What the program shows: pictures, logs, variables, the graph.</summary>
public sealed class FaceTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task TheGraphIsWrittenAndDrawnAgainAtEachChange()
    {
        var graph = _place.Write("g.yaml", Graph("one"));
        var dot = _place["graph.dot"];
        await using var mgmt = MgmtProcess.Start("run", "--file", graph, "--tmp-prefix", "--graphviz", dot);
        await mgmt.LineAsync("converged");
        Assert.Contains("Noop[one]", await File.ReadAllTextAsync(dot), StringComparison.Ordinal);
        _place.Replace("g.yaml", Graph("two"));
        await mgmt.LineAsync("converged");
        Assert.Contains("Noop[two]", await File.ReadAllTextAsync(dot), StringComparison.Ordinal);
        mgmt.Signal(Signal.Terminate);
        Assert.Equal(0, await mgmt.ExitAsync());
        if (IsInstalled("dot")) Assert.Contains("Noop[two]", await File.ReadAllTextAsync(dot + ".svg"), StringComparison.Ordinal);
        Assert.Equal(IsInstalled("dot"), File.Exists(dot + ".svg"));
    }

    [Fact]
    public async Task EveryLineOfTheJsonLogIsAnObject()
    {
        var graph = _place.Write("g.yaml", "graph: g\nresources:\n  exec:\n  - {name: \"a\\e[31m\\\"b\", cmd: 'true'}\n  - {name: c, cmd: 'false'}\n");
        var (_, output) = await MgmtProcess.RunAsync("run", "--file", graph, "--tmp-prefix", "--converged-timeout", "0", "--log-format", "json", "--hostname", "h1");
        var events = output.Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.All(events, one => Assert.Equal("h1", one.GetProperty("host").GetString()));
        Assert.Contains(events, one => one.GetProperty("event").GetString() == "changed" && one.GetProperty("name").GetString() == "a\u001b[31m\"b");
        Assert.Contains(events, one => one.GetProperty("event").GetString() == "failed" && one.GetProperty("address").GetString() == "Exec[c]");
        Assert.Contains(events, one => one.GetProperty("event").GetString() == "converged");
    }

    [Fact]
    public async Task AFlagMayBeAVariable()
    {
        var graph = _place.Write("g.yaml", Graph("one"));
        await using var mgmt = MgmtProcess.Start(["run"], new() { ["MGMT_FILE"] = graph, ["MGMT_CONVERGED_TIMEOUT"] = "0", ["MGMT_TMP_PREFIX"] = "true" });
        Assert.True(await mgmt.ExitAsync() == 0, mgmt.Seen);
        await using var wrong = MgmtProcess.Start(["run"], new() { ["MGMT_FILE"] = graph, ["MGMT_CONVERGED_TIMEOUT"] = "soon" });
        Assert.Equal(64, await wrong.ExitAsync());
        Assert.Contains("MGMT_CONVERGED_TIMEOUT", wrong.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheGraphIsPrintedAsJson()
    {
        var graph = _place.Write("g.yaml", "graph: g\nresources:\n  noop: [{name: a}]\n  exec: [{name: b, cmd: x}]\nedges:\n- {name: e, from: {kind: noop, name: a}, to: {kind: exec, name: b}, notify: true}\n");
        var (exitCode, output) = await MgmtProcess.RunAsync("graph", "--file", graph, "--format", "json");
        Assert.True(exitCode == 0, output);
        var json = JsonDocument.Parse(output).RootElement;
        Assert.Equal(["Exec[b]", "Noop[a]"], json.GetProperty("vertices").EnumerateArray().Select(vertex => vertex.GetProperty("members")[0].GetString()).Order(StringComparer.Ordinal));
        var edge = json.GetProperty("edges")[0];
        Assert.Equal(("Noop[a]", "Exec[b]", "e", false, true), (
            edge.GetProperty("from").GetString(),
            edge.GetProperty("to").GetString(),
            edge.GetProperty("names")[0].GetString(),
            edge.GetProperty("auto").GetBoolean(),
            edge.GetProperty("notify").GetBoolean()));
    }

    [Fact]
    public async Task NothingThatAFileHoldsReachesTheTerminalAsItIs()
    {
        var graph = _place.Write("g.yaml", "graph: g\nresources:\n  exec:\n  - {name: \"a\\e]0;title\\a\", cmd: 'printf \"\\033[31mred\\033[0m\"; false', shell: /bin/sh}\n  - {name: b, \"c\\e[2J\": x}\n");
        var (exitCode, output) = await MgmtProcess.RunAsync("run", "--file", graph, "--tmp-prefix", "--converged-timeout", "0");
        Assert.Equal(65, exitCode);
        Assert.DoesNotContain('\u001b', output);
    }

    [Theory]
    [InlineData("fifo")]
    [InlineData("huge")]
    [InlineData("deep")]
    public async Task AHostileFileIsRefused(string what)
    {
        var path = _place["hostile.yaml"];
        if (what == "fifo") await System.Diagnostics.Process.Start("mkfifo", [path]).WaitForExitAsync();
        if (what == "deep") await File.WriteAllTextAsync(path, "graph: g\nresources: " + new string('[', 100_000));
        if (what == "huge")
        {
            await using var file = File.Create(path);
            file.SetLength(1L << 30);
        }

        var (exitCode, output) = await MgmtProcess.RunAsync("run", "--file", path, "--tmp-prefix", "--converged-timeout", "0");
        Assert.True(exitCode == 65, $"{exitCode}: {output}");
        Assert.Contains("hostile.yaml:", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AHundredThousandResourcesLoad()
    {
        var graph = _place.Write("g.yaml", "graph: g\nresources:\n  noop:\n" + string.Concat(Enumerable.Range(0, 100_000).Select(i => $"  - name: n{i}\n")));
        var (exitCode, output) = await MgmtProcess.RunAsync("run", "--file", graph, "--tmp-prefix", "--converged-timeout", "0");
        Assert.True(exitCode == 0, output);
        Assert.Contains("100000 checked", output, StringComparison.Ordinal);
    }

    private static string Graph(string name) => $"graph: g\nresources:\n  noop: [{{name: {name}}}]\n";

    private static bool IsInstalled(string program) => Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(directory => File.Exists(Path.Combine(directory, program)));
}
