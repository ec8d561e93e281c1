namespace Mgmt.Acceptance.Tests;

/// <summary>How a run ends, and what a user is told who did something wrong.</summary>
public sealed class ExitCodeTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("true", new string[0], 0)]
    [InlineData("false", new string[0], 1)]
    [InlineData("true", new[] { "--detailed-exitcodes" }, 2)]
    [InlineData("false", new[] { "--detailed-exitcodes" }, 6)]
    public async Task TheExitCodeSaysHowItWent(string command, string[] flags, int expected)
    {
        var graph = _place.Write("g.yaml", $"graph: g\nresources:\n  exec:\n  - {{name: a, cmd: '{command}'}}\n  - {{name: always, cmd: 'true'}}\n");
        var (exitCode, output) = await MgmtProcess.RunAsync(["run", "--file", graph, "--converged-timeout", "0", "--tmp-prefix", .. flags]);
        Assert.True(exitCode == expected, $"{exitCode}: {output}");
    }

    [Theory]
    [InlineData("resources:\n  noop: [{name: n}]\n", 0)]
    [InlineData("resources:\n  exec: [{name: a, cmd: 'false'}]\n", 4)]
    public async Task NothingChangedIsToldApart(string resources, int expected)
    {
        var graph = _place.Write("g.yaml", "graph: g\n" + resources);
        var (exitCode, output) = await MgmtProcess.RunAsync("run", "--file", graph, "--converged-timeout", "0", "--tmp-prefix", "--detailed-exitcodes");
        Assert.True(exitCode == expected, $"{exitCode}: {output}");
    }

    [Fact]
    public async Task AWrongDefinitionTouchesNothing()
    {
        var graph = _place.Write("g.yaml", $"graph: g\nresources:\n  file:\n  - {{name: f, path: {_place["f"]}, content: x}}\n  - {{name: g, paht: /x}}\n");
        var (exitCode, output) = await MgmtProcess.RunAsync("run", "--file", graph, "--converged-timeout", "0", "--tmp-prefix");
        Assert.True(exitCode == 65, output);
        Assert.Contains("g.yaml:5:15: cannot", output, StringComparison.Ordinal);
        Assert.Contains("path", output, StringComparison.Ordinal);
        Assert.False(File.Exists(_place["f"]));
    }

    [Theory]
    [InlineData("--fiel", "x")]
    [InlineData("--converged-timeout", "soon")]
    [InlineData("--graphviz-filter", "paint")]
    public async Task AWrongFlagIsAUsageError(string flag, string value)
    {
        var (exitCode, output) = await MgmtProcess.RunAsync("run", "--file", _place.Write("g.yaml", "graph: g\n"), flag, value);
        Assert.True(exitCode == 64, $"{exitCode}: {output}");
        Assert.Contains("cannot", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AStateDirectoryThatCannotBeMadeIsNamed()
    {
        var (exitCode, output) = await MgmtProcess.RunAsync("run", "--file", _place.Write("g.yaml", "graph: g\n"), "--prefix", "/proc/none", "--converged-timeout", "0");
        Assert.True(exitCode == 1, $"{exitCode}: {output}");
        Assert.Contains("cannot make the state directory /proc/none", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MaxRuntimeEndsWhatDoesNotConverge()
    {
        var graph = _place.Write("g.yaml", "graph: g\nresources:\n  exec: [{name: a, cmd: 'false', meta: {retry: -1, delay: 20}}]\n");
        var (exitCode, output) = await MgmtProcess.RunAsync("run", "--file", graph, "--converged-timeout", "0", "--max-runtime", "1", "--tmp-prefix");
        Assert.True(exitCode == 1, $"{exitCode}: {output}");
        Assert.Contains("--max-runtime", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoopChangesNothingAndSaysWhatItWould()
    {
        var graph = _place.Write("g.yaml", $$"""
            graph: g
            resources:
              file:
              - {name: new, path: {{_place["a/b/new"]}}, content: x}
              - {name: old, path: {{_place.Write("old", "y")}}, content: z, mode: "0600"}
              - {name: gone, path: {{_place.Write("gone", "y")}}, state: absent}
              exec:
              - {name: run, cmd: 'touch {{_place["ran"]}}'}
            """);
        var before = _place.Snapshot();
        var (exitCode, output) = await MgmtProcess.RunAsync("run", "--file", graph, "--converged-timeout", "0", "--tmp-prefix", "--noop");
        Assert.True(exitCode == 0, $"{exitCode}: {output}");
        Assert.Equal(before, _place.Snapshot());
        Assert.All(["File[new]", "File[old]", "File[gone]", "Exec[run]"], address => Assert.Contains(address, output, StringComparison.Ordinal));
        Assert.Contains("would", output, StringComparison.Ordinal);
    }
}
