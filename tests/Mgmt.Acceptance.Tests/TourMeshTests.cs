using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Mgmt.Acceptance.Tests;

/// <summary>README's mesh, typed as it stands on hosts of those addresses.</summary>
public sealed partial class TourMeshTests
{
    [NetworkFact]
    public async Task TheFirstHostBeginsAndOthersComeByToken()
    {
        await using var hosts = await TourHosts.MakeAsync("a", "b", "c", "d");
        var agents = new Dictionary<string, MgmtProcess>();
        foreach (var (host, command, output) in Readme.Session("mgmt mesh init --advertise 10.0.0.1\n").Concat(Readme.Session("mgmt mesh token >token")))
        {
            if (command.StartsWith("mgmt run", StringComparison.Ordinal)) await RunAsync(host, command, output);
            else Assert.StartsWith(output.Replace("\n...", "", StringComparison.Ordinal), await hosts.TypeAsync(host, command), StringComparison.Ordinal);
        }

        // With a third one they can vote; which of them first is as it comes. A fourth one takes the place of the first, which stops.
        agents.Add("c", await JoinAsync(hosts, "c", "10.0.0.3", ""));
        await agents["a"].LineAsync("as voter 3 of 3");
        agents.Add("d", await JoinAsync(hosts, "d", "10.0.0.4", ""));
        await IsMemberAsync(hosts, "d", "volunteer");
        agents["a"].Signal(Signal.Terminate);
        Assert.Equal(0, await agents["a"].ExitAsync());
        var heir = Heir().Match(agents["a"].Seen).Groups[1].Value;
        var (seen, since) = ("", Stopwatch.StartNew());
        while (!(seen = string.Join('\n', agents.Values.Select(static one => one.Printed()))).Contains("store: remove a: ", StringComparison.Ordinal))
        {
            Assert.True(since.Elapsed < TimeSpan.FromSeconds(60), $"nobody removes a:\n{seen}");
            await Task.Delay(50);
        }

        var told = Readme.Block("store: nominate b").Trim().Split('\n').Select(Readme.Mask).ToList();
        told[4] = told[4].Replace("over to b", $"over to {heir}", StringComparison.Ordinal);
        if (!seen.Contains("promote b: b is up to date, as voter 2", StringComparison.Ordinal)) told[1] = told[1].Replace(" b", " c", StringComparison.Ordinal);
        Assert.True(told.All(seen.Split('\n').Select(Readme.Mask).Contains), seen);

        async Task RunAsync(string host, string command, string output)
        {
            agents[host] = hosts.Stay(host, command);
            foreach (var line in output.Split('\n')) Assert.Equal(Readme.Mask(line), Readme.Mask(await agents[host].LineAsync(Beginning().Match(line).Value)));
        }
    }

    [NetworkFact]
    public async Task AllWhoAreThereFoundItTogether()
    {
        await using var hosts = await TourHosts.MakeAsync("a", "b", "c");
        var (_, command, output) = Assert.Single(Readme.Session("--founders b="));
        var (told, agents) = await FoundAsync(hosts, command, ["a", "b", "c"], ["", "", ""]);
        Assert.EndsWith(output.Replace("...\n", "", StringComparison.Ordinal), told, StringComparison.Ordinal);

        // Where nobody could take its place, a leader that stops keeps it, and hands over.
        await IsMemberAsync(hosts, "a", "");
        await hosts.TypeAsync("a", "mgmt mesh transfer a");
        agents[0].Signal(Signal.Terminate);
        await agents[0].LineAsync("store: handed over: ");
        Assert.Equal(0, await agents[0].ExitAsync());
        Assert.Equal("OK", await hosts.TypeAsync("b", "mgmt kv put k v"));
    }

    [NetworkFact]
    public async Task ItIsLookedAtAndSteered()
    {
        await using var hosts = await TourHosts.MakeAsync("web1", "db1", "db2", "web2", "pos1");
        await FoundAsync(hosts, "mgmt mesh init --advertise 10.0.0.1 --founders db1=10.0.0.2,db2=10.0.0.3", ["web1", "db1", "db2"], ["--zone a", "--zone b", "--zone c"]);
        await JoinAsync(hosts, "web2", "10.0.0.4", "--zone a");
        await JoinAsync(hosts, "pos1", "10.0.0.5", "--zone b --no-vote");
        await hosts.TypeAsync("web1", "mgmt mesh size 3 --wait && mgmt mesh transfer db2");
        foreach (var host in (string[])["db1", "db2", "web1"]) await WriteAsync(hosts, host);
        var wanted = Readme.Session("$ mgmt status\n").ToList();
        await UntilAsync(hosts, "mgmt status", wanted[0].Output);
        foreach (var (_, command, output) in wanted[1..])
        {
            // Who leads when db2 does so no more is as it comes; in README it was web1.
            if (command == "mgmt mesh members") await hosts.TypeAsync("web1", "mgmt mesh transfer web1");
            if (command == "mgmt mesh members") await UntilAsync(hosts, command, output);
            else Assert.Equal(output, await hosts.TypeAsync("web1", command));
        }
    }

    /// <summary>As <c>mgmt mesh init</c> tells to, step by step; answers what it told, and the agents.</summary>
    private static async Task<(string Told, IReadOnlyList<MgmtProcess> Agents)> FoundAsync(TourHosts hosts, string command, string[] names, string[] flags)
    {
        var told = await hosts.TypeAsync(names[0], command);
        foreach (var name in names[1..])
        {
            // Nobody serves ssh there.
            Assert.Contains($"scp -rp /var/lib/mgmt/founders/{name}/tls 10.0.0.", told, StringComparison.Ordinal);
            await InstallTests.RunAsync("/bin/sh", ["-c", $"mkdir -m 700 {hosts.Seen(name, "/var/lib/mgmt")} && cp -rp {hosts.Seen(names[0], $"/var/lib/mgmt/founders/{name}/tls")} {hosts.Seen(name, "/var/lib/mgmt")}"], []);
        }

        var runs = Runs().Matches(told).Select(static one => one.Value).ToList();
        var agents = names.Select((name, i) => hosts.Stay(name, $"{runs[i]} --file /etc/mgmt {flags[i]}")).ToList();
        foreach (var agent in agents) await agent.LineAsync("store: open");
        await hosts.TypeAsync(names[0], "rm -r /var/lib/mgmt/founders");
        return (told, agents);
    }

    private static async Task<MgmtProcess> JoinAsync(TourHosts hosts, string name, string address, string flags)
    {
        await hosts.TypeAsync(hosts.First, "mgmt mesh token >token");
        var agent = hosts.Stay(name, $"mgmt run --file /etc/mgmt --peers 10.0.0.1 --advertise {address} --token-file token {flags}");
        await agent.LineAsync("store: joined the mesh");
        return agent;
    }

    private static Task<string> IsMemberAsync(TourHosts hosts, string name, string role) =>
        hosts.TypeAsync(hosts.First, $"until mgmt mesh members | grep -q '^{name} .*{role}'; do sleep 0.1; done");

    /// <summary>README's graph of the exchange, where the host says its own name; web1 has a command that fails, too.</summary>
    private static async Task WriteAsync(TourHosts hosts, string host)
    {
        await File.WriteAllTextAsync(hosts.Seen(host, "/etc/mgmt/web.new"), Readme.Block("\"@@backend\"").Replace("web1", host, StringComparison.Ordinal));
        if (host == "web1") await File.WriteAllTextAsync(hosts.Seen(host, "/etc/mgmt/check.yaml"), "graph: web\nresources:\n  exec:\n  - {name: check, cmd: /bin/false}\n");
        File.Move(hosts.Seen(host, "/etc/mgmt/web.new"), hosts.Seen(host, "/etc/mgmt/web.yaml"));
    }

    /// <summary>Looks until what is seen is what README shows, but for what is another in each run.</summary>
    private static async Task UntilAsync(TourHosts hosts, string command, string told)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        for (var seen = ""; Plain(seen) != Plain(told);)
        {
            if (late.IsCancellationRequested) Assert.Fail($"{command} shows\n{seen}\ninstead of\n{told}");
            seen = await hosts.TypeAsync("web1", command);
        }
    }

    // Counts of what happened, and columns as wide as what is in them, are others in each run.
    private static string Plain(string text) => Widths().Replace(Counts().Replace(string.Join('\n', text.Split('\n').Select(Readme.Mask)), "$1 N"), " ");

    [GeneratedRegex(@"hand over to (\w+):")]
    private static partial Regex Heir();

    [GeneratedRegex("store: [a-z]+ [a-z]+")]
    private static partial Regex Beginning();

    [GeneratedRegex("mgmt run .*")]
    private static partial Regex Runs();

    [GeneratedRegex(@"\b(term|revision) \d+")]
    private static partial Regex Counts();

    [GeneratedRegex(" +")]
    private static partial Regex Widths();
}
