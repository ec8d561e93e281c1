using System.Threading.Channels;
using Mgmt.Engine.Kinds;
using Mgmt.Tests;
using Microsoft.Extensions.Time.Testing;

namespace Mgmt.Resources.Tests.Svc;

/// <summary>What goes wrong with a unit: other people's jobs, units that cannot be what is wanted, or take their time.</summary>
[Collection(nameof(TestHost))]
public sealed class SvcTroubleTests(TestHost host)
{
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
        Assert.Equal("cannot find unit hidden.service: there is no unit file of that name; it is started as soon as it appears (before that: unmasked)", await ErrorAsync("hidden", "state", "running"));

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

    /// <summary>The unit would stop another whose start may not be replaced; systemd refuses that as destructive.</summary>
    [HostFact]
    public async Task A_conflicting_job_is_waited_for()
    {
        host.AddUnit("stubborn.service", "Type=oneshot\nRemainAfterExit=yes\nExecStart=/bin/sh -c 'mkfifo /run/stubborn; read line </run/stubborn'");
        host.AddUnit("crossed.service", "ExecStart=/bin/sleep 100000\n[Unit]\nConflicts=stubborn.service");
        await using var keeper = new Keeper(host);
        await host.RunAsync("systemctl start --no-block --job-mode=replace-irreversibly stubborn; until [ -p /run/stubborn ]; do :; done");
        Assert.Contains("destructive", await host.RunAsync("systemctl start crossed 2>&1 || true"), StringComparison.Ordinal);
        var check = CheckAsync(keeper.Make("crossed", ("state", "running")), CheckReasons.Definition);
        Assert.Contains("destructive", await host.RunAsync("systemctl start crossed 2>&1 || true"), StringComparison.Ordinal);
        Assert.False(check.IsCompleted);
        await host.RunAsync("echo go >/run/stubborn");
        Assert.Equal("started", (await check).Done);
    }

    [HostFact]
    public async Task A_wait_for_a_unit_is_bounded()
    {
        host.AddUnit("endless.service", "Type=oneshot\nExecStart=/bin/sleep 100000\nTimeoutStartSec=infinity");
        var time = new TimeWithNews(TimeSpan.FromSeconds(90));
        await using var keeper = new Keeper(host, time: time);
        await host.RunAsync("systemctl start --no-block endless; until systemctl show -P ActiveState endless | grep -qx activating; do :; done");
        var check = CheckAsync(keeper.Make("endless", ("state", "running")), CheckReasons.Definition);
        while (!check.IsCompleted)
        {
            // A signal may end a wait of the check's, and another begins.
            await Task.WhenAny(time.NextAsync(), check);
            time.Advance(TimeSpan.FromSeconds(91));
        }

        Assert.Equal("cannot bring unit endless.service in order: it is activating (start) for more than 90 s", (await check).Wrong);
        await host.RunAsync("systemctl stop endless");
    }

    private static Task<CheckResult> RefreshAsync(IResource unit) => CheckAsync(unit, CheckReasons.Refresh);

    private static async Task<CheckResult> CheckAsync(IResource unit, CheckReasons reasons) => await unit.CheckAsync(new CheckRequest(Apply: true, reasons), default);

    /// <summary>Tells of each timer of one length.</summary>
    private sealed class TimeWithNews(TimeSpan length) : FakeTimeProvider
    {
        private readonly Channel<bool> _timers = Channel.CreateUnbounded<bool>();

        public Task<bool> NextAsync() => _timers.Reader.ReadAsync().AsTask();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime == length) _timers.Writer.TryWrite(true);
            return timer;
        }
    }
}
