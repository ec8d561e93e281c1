using Mgmt.Engine.Kinds;
using Mgmt.Tests;

namespace Mgmt.Resources.Tests.Svc;

/// <summary>What goes wrong around a unit: the bus, systemd itself, other people's jobs, units that cannot be what is wanted.</summary>
[Collection(nameof(TestHost))]
public sealed class SvcTroubleTests(TestHost host)
{
    private static readonly string[] Twenty = [.. Enumerable.Range(0, 20).Select(number => $"load{number:00}")];
    private static readonly string[] Fifty = [.. Enumerable.Range(0, 50).Select(number => $"many{number:00}")];

    [HostFact]
    public async Task The_bus_goes_away_and_comes_back()
    {
        host.AddUnit("rider.service");
        await using var keeper = new Keeper(host);
        await keeper.KeepAsync("rider", ("state", "running"));
        await host.RunAsync("systemctl stop dbus.socket dbus.service && systemctl stop rider");
        await keeper.SeesAsync("lost: cannot hear of the bus any more");
        await host.RunAsync("systemctl start dbus.socket");
        await keeper.SeesAsync("Changed [stopped] [started]");
        await host.RunAsync("systemctl stop rider");
        await keeper.SeesAsync("Changed [stopped] [started]");
    }

    [HostFact]
    public async Task The_bus_is_killed_under_load()
    {
        foreach (var unit in Twenty) host.AddUnit($"{unit}.service");
        await using var keeper = new Keeper(host);
        await keeper.KeepAsync([.. Twenty.Select(unit => keeper.Spec(unit, ("state", "running")))]);
        await host.RunAsync("systemctl stop 'load*'; systemctl kill -s KILL dbus.service");
        await UntilActiveAsync(keeper, "load", 20);
        await host.RunAsync("systemctl stop 'load*'");
        await UntilActiveAsync(keeper, "load", 20);
    }

    [HostFact]
    public async Task Systemd_executes_itself_again()
    {
        host.AddUnit("steady.service");
        await using var keeper = new Keeper(host);
        await keeper.KeepAsync("steady", ("state", "running"));
        await host.RunAsync("systemctl daemon-reexec");
        await host.RunAsync("systemctl stop steady");
        await keeper.SeesAsync("Changed [stopped] [started]");
        await keeper.SeesAsync("converged, 0 failed");
        await host.RunAsync("systemctl stop steady");
        await keeper.SeesAsync("Changed [stopped] [started]");
        Assert.DoesNotContain("Failed", keeper.Seen, StringComparison.Ordinal);
    }

    [HostFact]
    public async Task Fifty_units_are_started_and_enabled_at_once()
    {
        foreach (var unit in Fifty) host.AddUnit($"{unit}.service");
        await using var keeper = new Keeper(host);
        await keeper.KeepAsync([.. Fifty.Select(unit => keeper.Spec(unit, ("state", "running"), ("startup", "enabled")))]);
        Assert.DoesNotContain("Failed", keeper.Seen, StringComparison.Ordinal);
        Assert.Equal("50", await host.RunAsync("systemctl list-units --no-legend --state=active 'many*' | wc -l"));
        await host.RunAsync("systemctl disable --now " + string.Join(' ', Fifty));
        await UntilActiveAsync(keeper, "many", 50);
    }

    [HostFact]
    public async Task Noop_says_what_it_would_do_and_does_nothing()
    {
        host.AddUnit("dry.service");
        await using var keeper = new Keeper(host, noop: true);
        await keeper.KeepAsync("dry", ("state", "running"), ("startup", "enabled"));
        Assert.Contains("WouldChange [disabled, stopped] [would enable it, would start it]", keeper.Seen, StringComparison.Ordinal);
        Assert.Equal("inactive", await host.RunAsync("systemctl show -P ActiveState dry"));
        Assert.Equal("disabled", await host.RunAsync("systemctl is-enabled dry || true"));
    }

    [HostFact]
    public async Task A_refresh_reloads_or_restarts_and_follows_no_start()
    {
        host.AddUnit("plain.service");
        host.AddUnit("polite.service", "ExecStart=/bin/sleep 100000\nExecReload=/bin/touch /run/polite-reloaded");
        await using var keeper = new Keeper(host);
        var (plain, polite) = (keeper.Make("plain", ("state", "running")), keeper.Make("polite", ("state", "running")));
        Assert.Equal("started", (await RefreshAsync(plain)).Done);
        Assert.Equal("restarted", (await RefreshAsync(plain)).Done);
        Assert.Equal("started", (await RefreshAsync(polite)).Done);
        Assert.Equal("", await host.RunAsync("ls /run/polite-reloaded 2>/dev/null || true"));
        Assert.Equal("reloaded", (await RefreshAsync(polite)).Done);
        Assert.Equal("/run/polite-reloaded", await host.RunAsync("ls /run/polite-reloaded"));
    }

    [HostFact]
    public async Task What_cannot_be_is_said()
    {
        host.AddUnit("static.service", more: "");
        host.AddUnit("crash.service", "ExecStart=/bin/false\nType=oneshot");
        host.AddUnit("brief.service", "ExecStart=/bin/true\nType=oneshot");
        await host.RunAsync("ln -s /dev/null /etc/systemd/system/hidden.service");
        await using var keeper = new Keeper(host);
        Assert.Equal("cannot enable unit static.service: its unit file has no [Install] section, so that nothing says when to start it; leave out startup, or enable the unit that starts it", await ErrorAsync("static", "startup", "enabled"));
        Assert.Equal("cannot start unit crash.service: its job failed, or it was started too often; see systemctl status crash.service", await ErrorAsync("crash", "state", "running"));
        Assert.StartsWith("cannot start unit brief.service: it was started, and is inactive again; a unit that ends by itself cannot be kept running", await ErrorAsync("brief", "state", "running"), StringComparison.Ordinal);
        Assert.Equal("cannot start unit hidden.service: it is masked; run systemctl unmask, or set startup: enabled, which unmasks it", await ErrorAsync("hidden", "state", "running"));

        async Task<string> ErrorAsync(string unit, string field, string value) => (await CheckAsync(keeper.Make(unit, (field, value)), CheckReasons.Definition)).Wrong;
    }

    [HostFact]
    public async Task One_that_never_starts_is_tried_now_and_then_and_its_cure_is_seen()
    {
        host.AddUnit("sick.service", "ExecStart=/bin/false\nType=oneshot\nRemainAfterExit=yes");
        await using var keeper = new Keeper(host);
        await keeper.KeepAsync("sick", ("state", "running"));
        await keeper.SeesAsync("Failed [cannot start unit sick.service");
        var tries = keeper.Seen.Split("Failed [").Length - 1;
        Assert.True(tries <= 4, keeper.Seen);
        host.AddUnit("sick.service", "ExecStart=/bin/true\nType=oneshot\nRemainAfterExit=yes");
        await keeper.SeesAsync("Svc[sick] Changed");
    }

    [HostFact]
    public async Task One_that_takes_its_time_is_waited_for()
    {
        host.AddUnit("slow.service", "Type=oneshot\nRemainAfterExit=yes\nExecStart=/bin/sh -c 'mkfifo /run/slow; read line </run/slow'");
        await using var keeper = new Keeper(host);
        await host.RunAsync("systemctl start --no-block slow");
        var check = CheckAsync(keeper.Make("slow", ("state", "running")), CheckReasons.Definition);
        await host.RunAsync("until [ -p /run/slow ]; do :; done; systemctl show -P ActiveState slow | grep -x activating");
        Assert.False(check.IsCompleted);
        await host.RunAsync("echo go >/run/slow");
        Assert.Equal(Outcome.InOrder, (await check).Outcome);
    }

    [Fact]
    public async Task Without_a_bus_the_watch_and_the_check_say_so()
    {
        await using var keeper = new Keeper(host, address: "unix:path=/nowhere/bus");
        await keeper.KeepAsync(keeper.Spec("one", ("state", "running")), keeper.Spec("two", ("state", "running"), ("session", true)));
        await keeper.SeesAsync("Svc[one] lost: cannot reach the bus at unix:path=/nowhere/bus: No such file or directory", fromStart: true);
        await keeper.SeesAsync("Svc[two] lost: cannot reach the user bus: there is none", fromStart: true);
        await keeper.SeesAsync("Svc[one] Failed [cannot reach the bus at unix:path=/nowhere/bus: No such file or directory]", fromStart: true);
    }

    private static Task<CheckResult> RefreshAsync(IResource unit) => CheckAsync(unit, CheckReasons.Refresh);

    private static async Task<CheckResult> CheckAsync(IResource unit, CheckReasons reasons) => await unit.CheckAsync(new CheckRequest(Apply: true, reasons), default);

    private Task UntilActiveAsync(Keeper keeper, string name, int count) => keeper.UntilAsync(
        async () => await host.RunAsync($"systemctl list-units --no-legend --state=active '{name}*' | wc -l") == $"{count}", $"{count} active units {name}*");
}
