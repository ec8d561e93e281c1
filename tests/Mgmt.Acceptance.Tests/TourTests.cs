using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace Mgmt.Acceptance.Tests;

/// <summary>What README shows is what a newcomer sees: its commands are typed, and its output is compared.</summary>
public sealed class TourTests
{
    [Fact]
    public async Task SixtySeconds()
    {
        using var place = new Workplace();
        var graph = place.Write("file1.yaml", ExampleTests.Shorten("file1.yaml", place.Root));
        await using var agent = MgmtProcess.Start("run", "--file", graph, "--tmp-prefix");
        await agent.LineAsync("converged:");
        Assert.Equal(Readme.Lines(Readme.After("--file examples/file1.yaml --tmp-prefix")), Readme.Lines(agent.Seen));

        // Whether cat still finds the file is a matter of speed: it is removed and made again in any case.
        await ShellAsync(Readme.Block("cd /tmp/mgmt").Replace("/tmp/mgmt", place["mgmt"], StringComparison.Ordinal).Replace(" && cat f2", "", StringComparison.Ordinal), place);
        var awaited = Readme.Lines(Readme.After("cd /tmp/mgmt")).Where(static line => line.Contains("File[", StringComparison.Ordinal)).ToHashSet();
        while (awaited.Count > 0) awaited.Remove(Readme.Mask(await agent.LineAsync("File[")));
        Assert.Equal(["f1", "f2", "f3"], Directory.GetFiles(place["mgmt"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task CommandsBesideEachOther()
    {
        using var place = new Workplace();
        var graph = place.Write("graph8.yaml", ExampleTests.Shorten("graph8.yaml", place.Root));
        var (exitCode, output) = await MgmtProcess.RunAsync("run", "--file", graph, "--converged-timeout", "1", "--tmp-prefix");
        Assert.Equal(0, exitCode);
        Assert.Equal(Readme.Lines(Readme.After("--file examples/graph8.yaml")), Readme.Lines(output));
    }

    [Fact]
    public async Task AMistake()
    {
        using var place = new Workplace();
        place.Write("graph.yaml", "graph: g\nresources:\n  file:\n  - name: b\n    path: /tmp/b\n  - name: a\n    conten: x\n");
        Assert.Contains(Readme.Block("\"conten\""), await ShellAsync("mgmt run --file graph.yaml; true", place), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheCommand()
    {
        using var place = new Workplace();
        Directory.CreateDirectory(place["web"]);
        place.Write("web.yaml", Readme.Block("/srv/web/settings.conf").Replace("/srv/web/", place["web/"], StringComparison.Ordinal));
        var commands = Readme.Block("mgmt run --file web.yaml").Trim().Split('\n');
        Assert.Equal(4, commands.Length);
        await using (var agent = MgmtProcess.Start("run", "--file", place["web.yaml"], "--tmp-prefix"))
        {
            await agent.LineAsync("converged: 2 checked, 2 changed, 0 failed");
            agent.Signal(Signal.Terminate);
            Assert.Equal(0, await agent.ExitAsync());
        }

        Assert.Contains("stopping: --converged-timeout", await ShellAsync(commands[1], place), StringComparison.Ordinal);
        File.Delete(place["web/settings.conf"]);
        Assert.Contains("File[settings]: missing; write ", await ShellAsync(commands[2], place), StringComparison.Ordinal);
        Assert.False(File.Exists(place["web/settings.conf"]));
        await ShellAsync(commands[3], place);
        Assert.Contains("</svg>", await File.ReadAllTextAsync(place["web.svg"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheStore()
    {
        using var place = new Workplace();
        await using var agent = MgmtProcess.Start("run", "--store", "--prefix", place["state"]);
        await agent.LineAsync("store: open");
        var host = (await File.ReadAllTextAsync("/etc/hostname")).Replace("\n", "\\n", StringComparison.Ordinal);
        foreach (var (_, command, output) in Readme.Session("mgmt kv put /app/port").Concat(Readme.Session("mgmt store snapshot save")))
        {
            var told = output.Replace("vm\\n", host, StringComparison.Ordinal).Replace("/backup", place.Root, StringComparison.Ordinal);
            var seen = await ShellAsync(command.Replace("/backup", place.Root, StringComparison.Ordinal), place);
            Assert.Equal(Readme.Mask(told), Readme.Mask(seen.TrimEnd()));
        }
    }

    /// <summary>README's addresses are those of a machine where nobody else has a mesh: here they are others.</summary>
    [Fact]
    public async Task AMeshOnOneMachine()
    {
        using var place = new Workplace();
        var network = string.Create(CultureInfo.InvariantCulture, $"127.{RandomNumberGenerator.GetInt32(1, 250)}.{RandomNumberGenerator.GetInt32(1, 250)}");
        var lines = Readme.Block("for i in 1 2 3").Replace("127.0.0.1", $"{network}.1", StringComparison.Ordinal).Replace("/tmp/mesh", place["mesh"], StringComparison.Ordinal).Trim().Split('\n');
        try
        {
            await ShellAsync(string.Join('\n', lines[..^1]).Replace(" &\n", " >>log 2>&1 & echo $! >>ids\n", StringComparison.Ordinal), place);
            using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while ((await File.ReadAllTextAsync(place["log"], late.Token)).Split("store: open").Length < 4) await Task.Delay(50, late.Token);
            var told = await ShellAsync(lines[^1], place);
            Assert.Equal(3, told.Trim().Split('\n').Count(line => line.StartsWith(network, StringComparison.Ordinal)));
        }
        finally
        {
            foreach (var id in (await File.ReadAllLinesAsync(place["ids"])).Select(static line => int.Parse(line, CultureInfo.InvariantCulture)))
            {
                using var agent = Process.GetProcessById(id);
                agent.Kill();
                await agent.WaitForExitAsync();
            }
        }
    }

    /// <summary>Types into a shell that has mgmt on its path, and whose agent is the one in <c>state</c>; answers what it printed on both outputs.</summary>
    private static async Task<string> ShellAsync(string script, Workplace place)
    {
        Directory.CreateDirectory(place["bin"]);
        if (!File.Exists(place["bin/mgmt"])) File.CreateSymbolicLink(place["bin/mgmt"], MgmtProcess.Binary);
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"exec 2>&1\n{script}"]) { WorkingDirectory = place.Root, RedirectStandardOutput = true };
        start.Environment["PATH"] = $"{place["bin"]}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["MGMT_PREFIX"] = place["state"];
        start.Environment["MGMT_SOCKET"] = Path.Combine(place["state"], "agent.sock");
        using var shell = Process.Start(start)!;
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var output = await shell.StandardOutput.ReadToEndAsync(late.Token);
        await shell.WaitForExitAsync(late.Token);
        Assert.True(shell.ExitCode == 0, $"{script}\nended with {shell.ExitCode}:\n{output}");
        return output;
    }
}
