namespace Mgmt.Acceptance.Tests;

/// <summary>The package on a host with a real systemd: what apt does with it, and how the services live.</summary>
public sealed class PackageTests(PackagedHost host) : IClassFixture<PackagedHost>
{
    private const string Graph = "graph: g\nresources:\n  file:\n  - {name: kept, path: /srv/kept, content: here}\n";

    [NativeHostFact]
    public async Task LintianFindsNoError()
    {
        if (!File.Exists("/usr/bin/lintian")) throw new InvalidOperationException("lintian is not there: tools/test installs it");
        await InstallTests.RunAsync("lintian", ["--fail-on", "error", "--no-tag-display-limit", "--allow-root", host.Package], []);
    }

    [NativeHostFact]
    public async Task TheServiceIsUpWhenItSaysSoAndKeepsTheHost()
    {
        await StartAsync("mgmt", Graph);
        Assert.Equal("active keeps this host as its graph says", await host.RunAsync("echo $(systemctl is-active mgmt) $(systemctl show -P StatusText mgmt)"));
        await host.UntilAsync("cat /srv/kept || true", static text => text == "here");
        Assert.Equal("700 root", await host.RunAsync("stat -c '%a %U' /var/lib/mgmt"));
        await host.RunAsync("rm /srv/kept");
        await host.UntilAsync("cat /srv/kept 2>/dev/null || true", static text => text == "here");

        // The log is in the journal, with fields.
        var entry = await host.EntryAsync("mgmt", ("RESOURCE", "File[kept]"), ("EVENT", "changed"), ("PRIORITY", "5"));
        Assert.Equal("File[kept]: missing; wrote 4 bytes", entry.GetProperty("MESSAGE").GetString());
        Assert.Equal("file kept mgmt journal", $"{entry.GetProperty("RESOURCE_KIND")} {entry.GetProperty("RESOURCE_NAME")} {entry.GetProperty("SYSLOG_IDENTIFIER")} {entry.GetProperty("_TRANSPORT")}");
    }

    [NativeHostFact]
    public async Task ReadmesFirstCommandsDoAsItSays()
    {
        await host.RunAsync("systemctl disable --now mgmt; rm -rf /srv/kept");
        host.Write("/etc/default/mgmt", "MGMT_STORE=1\n");
        host.Write("/etc/mgmt/g.yaml", "graph: g\nresources:\n  exec:\n  - {name: bad, cmd: 'false'}\n");
        var commands = Readme.Block("systemctl enable --now mgmt").Trim().Split('\n');
        await host.RunAsync(commands[0]);
        Assert.Equal("enabled active", await host.RunAsync("echo $(systemctl is-enabled mgmt) $(systemctl is-active mgmt)"));
        await host.RunAsync(commands[1]);
        await host.EntryAsync("mgmt", ("RESOURCE", "Exec[bad]"), ("EVENT", "failed"));
        var entries = await host.RunAsync(commands[2]);
        Assert.All(entries.Split('\n'), static entry => Assert.Contains("Exec[bad]: ", entry, StringComparison.Ordinal));
        Assert.Contains("1 failed", await host.RunAsync(commands[3]), StringComparison.Ordinal);
        Assert.Equal(4, commands.Length);
        await host.RunAsync("systemctl stop mgmt");
    }

    [NativeHostFact]
    public async Task AReloadReadsTheGraphAndAnEndIsClean()
    {
        await StartAsync("mgmt", Graph, "MGMT_STORE=1\n");
        await host.RunAsync("mgmt status --socket /run/mgmt/agent.sock && mgmt status");
        var process = await host.RunAsync("systemctl show -P MainPID mgmt");
        await host.RunAsync("systemctl reload mgmt");
        await host.EntryAsync("mgmt", ("EVENT", "swapped"));
        Assert.Equal($"active {process}", await host.UntilAsync("echo $(systemctl is-active mgmt) $(systemctl show -P MainPID mgmt)", static text => text.StartsWith("active", StringComparison.Ordinal)));

        // Also when something could not be put in order.
        host.Write("/etc/mgmt/g.yaml", "graph: g\nresources:\n  exec:\n  - {name: bad, cmd: 'false'}\n");
        await host.EntryAsync("mgmt", ("RESOURCE", "Exec[bad]"), ("EVENT", "failed"), ("PRIORITY", "3"));
        await host.RunAsync("systemctl stop mgmt");
        Assert.Equal("inactive success", await host.RunAsync("echo $(systemctl is-active mgmt) $(systemctl show -P Result mgmt)"));
        Assert.Equal("gone", await host.RunAsync("[ -e /run/mgmt/agent.sock ] || echo gone"));
        await host.EntryAsync("mgmt", ("EVENT", "stopping"), ("MESSAGE", "stopping: SIGTERM"));
    }

    [NativeHostFact]
    public async Task AnAgentThatHangsIsStartedAnew()
    {
        await host.RunAsync("printf '[Service]\\nWatchdogSec=2\\nTimeoutAbortSec=1\\nRestartSec=0\\n' >/etc/systemd/system/mgmt.service.d/quick.conf && systemctl daemon-reload");
        try
        {
            await StartAsync("mgmt", Graph);
            var (process, first) = (await host.RunAsync("systemctl show -P MainPID mgmt"), await PingAsync());
            await host.UntilAsync("systemctl show -P WatchdogTimestampMonotonic mgmt", text => long.Parse(text, System.Globalization.CultureInfo.InvariantCulture) > first + 3_000_000);
            Assert.Equal(process, await host.RunAsync("systemctl show -P MainPID mgmt"));
            await host.RunAsync($"kill -STOP {process}");
            await host.UntilAsync("echo $(systemctl is-active mgmt) $(systemctl show -P NRestarts mgmt)", static text => text == "active 1");
            Assert.NotEqual(process, await host.RunAsync("systemctl show -P MainPID mgmt"));
        }
        finally
        {
            await host.RunAsync("rm /etc/systemd/system/mgmt.service.d/quick.conf; systemctl daemon-reload; systemctl stop mgmt");
        }

        async Task<long> PingAsync() => long.Parse(await host.RunAsync("systemctl show -P WatchdogTimestampMonotonic mgmt"), System.Globalization.CultureInfo.InvariantCulture);
    }

    [NativeHostFact]
    public async Task AHostThatOnlyVotesRunsAsAUserOfItsOwn()
    {
        await StartAsync("mgmt-voter", null, "MGMT_PEERS=127.0.0.1\nMGMT_ADVERTISE=127.0.0.1\nMGMT_INSECURE=1\nMGMT_HOSTNAME=v\n");
        await host.UntilAsync("mgmt status 2>&1 || true", static text => text.Contains("leader", StringComparison.Ordinal));
        Assert.Equal("mgmt mgmt", await host.RunAsync("echo $(stat -c %U /proc/$(systemctl show -P MainPID mgmt-voter)) $(stat -c %U /var/lib/mgmt)"));
        Assert.Equal("OK", await host.RunAsync("mgmt kv put a 1"));
        Assert.Equal("0000000000000000", await host.RunAsync("sed -n 's/^CapEff:\\s*//p' /proc/$(systemctl show -P MainPID mgmt-voter)/status"));
        await host.EntryAsync("mgmt-voter", ("EVENT", "store"));
        await host.RunAsync("systemctl stop mgmt-voter");
        Assert.Equal("inactive success", await host.RunAsync("echo $(systemctl is-active mgmt-voter) $(systemctl show -P Result mgmt-voter)"));
        await host.RunAsync("rm -rf /var/lib/mgmt");
    }

    [NativeHostFact]
    public async Task RemovingKeepsTheDataAndPurgingDoesNot()
    {
        await StartAsync("mgmt", Graph, "MGMT_STORE=1\n");
        await host.RunAsync("mgmt kv put a 1");
        await host.RunAsync("DEBIAN_FRONTEND=noninteractive apt-get remove -y mgmt 2>&1");
        Assert.Equal("inactive kept kept gone", await host.RunAsync("echo $(systemctl is-active mgmt) $([ -d /var/lib/mgmt/store ] && echo kept) $([ -e /etc/mgmt/g.yaml ] && echo kept) $([ -e /usr/bin/mgmt ] || echo gone)"));
        await host.InstallAsync();
        await host.UntilAsync("mgmt kv get a 2>&1 || true", static text => text == "a\n1");
        await host.RunAsync("rm /etc/mgmt/g.yaml; DEBIAN_FRONTEND=noninteractive apt-get purge -y mgmt 2>&1");
        Assert.Equal("gone gone gone", await host.RunAsync("echo $([ -e /var/lib/mgmt ] || echo gone) $([ -e /etc/default/mgmt ] || echo gone) $([ -e /etc/mgmt ] || echo gone)"));
        await host.InstallAsync();
    }

    /// <summary>Begins anew: the service with this graph and these flags. It returns when systemd has heard that it is ready.</summary>
    private Task<string> StartAsync(string unit, string? graph, string flags = "")
    {
        host.Write("/etc/default/mgmt", flags);
        if (graph is not null) host.Write("/etc/mgmt/g.yaml", graph);
        return host.RunAsync($"systemctl stop mgmt mgmt-voter; systemctl reset-failed 2>/dev/null; rm -rf /srv/kept; systemctl start {unit} || {{ systemctl status --no-pager -l {unit}; journalctl --no-pager -n 50; exit 1; }}");
    }
}
