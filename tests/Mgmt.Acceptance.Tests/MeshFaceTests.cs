using System.Text.Json;

namespace Mgmt.Acceptance.Tests;

/// <summary>The mesh as its operators see and steer it: three agents, and their votes moved about by commands alone.</summary>
public sealed class MeshFaceTests
{
    [Fact]
    public async Task OperatorsSteerWhoVotes()
    {
        await using var voters = new Voters(secure: false);
        await voters.StartAllAsync();
        await voters.AskAsync(0, "mesh", "size", "3", "--wait");
        await HostsAsync(voters, 0, static hosts => hosts.Count == 3 && hosts.Values.All(static one => one.Runs && one.Converged));
        var leader = (await HostsAsync(voters, 0, static hosts => hosts.Values.Any(static one => one.Role == "leader"))).Single(static one => one.Value.Role == "leader").Key;
        var (first, second) = (Other(leader, 1), Other(leader, 2));

        // From a host that does not lead.
        Assert.Contains($"{first} leads\n", await AskAsync(voters, second, "mesh", "transfer", first) + "\n", StringComparison.Ordinal);
        await HostsAsync(voters, 0, hosts => hosts[first].Role == "leader" && hosts[leader].Role == "voter");

        // With two that are left one votes; drained is the one that leads, so it hands over.
        Assert.Contains($"{first} is drained and does not vote", await AskAsync(voters, first, "mesh", "drain", first), StringComparison.Ordinal);
        await HostsAsync(voters, 0, hosts => hosts[first] is { Role: "volunteer", Marks: "drained" });
        await AskAsync(voters, first, "mesh", "undrain", first);
        await AskAsync(voters, first, "mesh", "promote", first, "--wait");
        await HostsAsync(voters, 0, hosts => hosts[first] is { Role: "voter" or "leader", Marks: "promote" });
        Assert.Contains("ideal size 1: 1 vote", await AskAsync(voters, second, "mesh", "size", "1", "--wait"), StringComparison.Ordinal);
        await HostsAsync(voters, 0, hosts => hosts[first].Role == "leader" && hosts[leader].Role == "volunteer" && hosts[second].Role == "volunteer");
        await TheGraphIsToldAsync(voters);
    }

    [Fact]
    public async Task AllEndWhenAllAreConverged()
    {
        using var place = new Workplace();
        var ports = MeshPorts.Free(4);
        await using var a = Run(place, ports, 0, Waits(place, "go0"));
        await using var b = Run(place, ports, 1, Waits(place, "go1"));
        await b.LineAsync("store: open");
        var socket = Path.Combine(place["p1"], "agent.sock");

        // Who is not in the mesh yet is not waited for.
        await using var agents = MgmtProcess.Start("kv", "watch", "mgmt/agents/h0", "--rev", "1", "--socket", socket);
        await agents.LineAsync("mgmt/agents/h0");
        await File.WriteAllTextAsync(place["go1"], "");
        await using var watch = MgmtProcess.Start("kv", "watch", "mgmt/converged/h1", "--rev", "1", "--socket", socket);
        await watch.LineAsync("\"converged\":true");
        Assert.DoesNotContain("stopping", b.Printed(), StringComparison.Ordinal);
        await File.WriteAllTextAsync(place["go0"], "");
        await b.LineAsync("stopping: --converged-timeout");
        await a.LineAsync("stopping: --converged-timeout");
        Assert.Equal((0, 0), (await a.ExitAsync(), await b.ExitAsync()));
    }

    [Fact]
    public async Task AHostAloneDoesNotWaitForAMesh()
    {
        var (exitCode, output) = await MgmtProcess.RunAsync("run", "--store", "--tmp-prefix", "--converged-timeout", "0", "--converged-cluster");
        Assert.Equal(1, exitCode);
        Assert.Contains("cannot wait for the mesh with --converged-cluster: this host belongs to none", output, StringComparison.Ordinal);
    }

    // A graph that converges when somebody makes a file.
    private static string Waits(Workplace place, string file) =>
        place.Write($"{file}.yaml", $"graph: {file}\nresources:\n  exec: [{{name: s, cmd: 'while [ ! -e {place[file]} ]; do sleep 0.1; done', shell: /bin/sh}}]\n");

    private static MgmtProcess Run(Workplace place, IReadOnlyList<int> ports, int at, string graph) => MgmtProcess.Start(
        "run", "--file", graph, "--hostname", $"h{at}", "--prefix", place[$"p{at}"], "--insecure", "--peers", $"127.0.0.1:{ports[1]}", "--listen", $"127.0.0.1:{ports[at]}",
        "--raft-listen", $"127.0.0.1:{ports[at + 2]}", "--converged-timeout", "0", "--converged-cluster");

    private static async Task TheGraphIsToldAsync(Voters voters)
    {
        using var told = JsonDocument.Parse(await voters.AskAsync(1, "status", "-o", "json"));
        Assert.Equal(Voters.Name(1), told.RootElement.GetProperty("host").GetString());
        Assert.True(told.RootElement.GetProperty("graph").GetProperty("converged").GetBoolean());
        Assert.Equal(1, told.RootElement.GetProperty("mesh").GetProperty("voters").GetInt32());
    }

    private static string Other(string name, int by) => Voters.Name((name[^1] - '1' + by) % 3);

    private static Task<string> AskAsync(Voters voters, string name, params string[] arguments) => voters.AskAsync(name[^1] - '1', arguments);

    // Looks again until it is so; says what was seen when it is not within a minute.
    private static async Task<Dictionary<string, Seen>> HostsAsync(Voters voters, int at, Func<Dictionary<string, Seen>, bool> isSo)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var output = await voters.AskAsync(at, "mesh", "members", "-o", "json");
            using var told = JsonDocument.Parse(output);
            var hosts = told.RootElement.GetProperty("hosts").EnumerateArray().ToDictionary(static one => one.GetProperty("host").GetString()!, static one => new Seen(
                one.GetProperty("role").GetString()!,
                string.Join(',', one.GetProperty("marks").EnumerateArray().Select(static mark => mark.GetString())),
                one.GetProperty("runs").GetBoolean(),
                one.GetProperty("converged").ValueKind == JsonValueKind.True));
            if (isSo(hosts)) return hosts;
            if (late.IsCancellationRequested) throw new TimeoutException($"the mesh does not come to be so; seen:\n{output}");
        }
    }

    private sealed record Seen(string Role, string Marks, bool Runs, bool Converged);
}
