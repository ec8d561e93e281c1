using Mgmt.Engine.Kinds;
using Mgmt.Tests;

namespace Mgmt.Resources.Tests.Pkg;

/// <summary>What goes wrong around packages: the lock, PackageKit, the bus, repositories, packages that cannot be what is wanted.</summary>
[Collection(nameof(PkgKeeper))]
public sealed class PkgTroubleTests(TestHost host)
{
    private const string Waits = "until dpkg-query -W -f '${Status}' ptest-slow 2>/dev/null | grep -q half-configured; do :; done";

    [HostFact]
    public async Task What_cannot_be_is_said()
    {
        await host.PurgeAsync("ptest-alpha", "ptest-beta", "ptest-needy", "ptest-foreign");
        await host.RunAsync("apt-get -y install ptest-needy");
        await using var keeper = new PkgKeeper(host);
        Assert.Equal("cannot install package no-such: the repositories offer no such package; see whether the name is right, and run apt-get update or the like", await ErrorAsync("no-such"));
        Assert.Equal("cannot install package ptest-alpha: the repositories do not offer version 9.9; PackageKit knows of 2.0", await ErrorAsync("ptest-alpha", ("state", "9.9")));
        Assert.Equal("cannot remove package ptest-beta: installed packages need it: ptest-needy; have them uninstalled too, or leave it", await ErrorAsync("ptest-beta", ("state", "uninstalled")));
        Assert.Equal(
            "cannot install package ptest-foreign: the repositories offer 1.0, but not as free and from the distribution itself; set allownonfree: true or allowunsupported: true to take it all the same",
            await ErrorAsync("ptest-foreign"));
        Assert.StartsWith("cannot install package ptest-foreign: its repository is not signed (", await ErrorAsync("ptest-foreign", ("allowunsupported", true)), StringComparison.Ordinal);
        Assert.Equal("2", await host.RunAsync("dpkg -l ptest-alpha ptest-beta ptest-needy ptest-foreign 2>/dev/null | grep -c ^ii"));
        Assert.Equal("installed 1.0", (await keeper.CheckAsync("ptest-foreign", ("allowunsupported", true), ("allowuntrusted", true))).Done);

        async Task<string> ErrorAsync(string name, params (string, object)[] fields) => (await keeper.CheckAsync(name, fields)).Wrong;
    }

    [HostFact]
    public async Task A_busy_lock_is_waited_for()
    {
        await host.PurgeAsync("ptest-slow", "ptest-gamma");
        await host.RunAsync("mkfifo /run/ptest-wait; (apt-get -y install ptest-slow >/dev/null 2>&1 &) ; " + Waits);
        await using var keeper = new PkgKeeper(host);
        var kept = keeper.KeepAsync("ptest-gamma");
        Assert.True(SpinWait.SpinUntil(() => keeper.Kind.Host.Lock.Waiting == 1, TimeSpan.FromSeconds(20)), keeper.Seen);
        Assert.Equal("ao 0", await host.RunAsync("busctl call org.freedesktop.PackageKit /org/freedesktop/PackageKit org.freedesktop.PackageKit GetTransactionList"));
        await host.RunAsync("echo go >/run/ptest-wait");
        await kept;
        Assert.Contains("Pkg[ptest-gamma] Changed [not installed] [installed 1.0]", keeper.Seen, StringComparison.Ordinal);
        Assert.DoesNotContain("Failed", keeper.Seen, StringComparison.Ordinal);
        Assert.Equal("2", await host.RunAsync("dpkg -l ptest-gamma ptest-slow | grep -c ^ii"));
    }

    [HostFact]
    public async Task PackageKit_is_killed_amid_an_installation()
    {
        await host.PurgeAsync("ptest-slow");
        await host.RunAsync("mkfifo /run/ptest-wait");
        await using var keeper = new PkgKeeper(host);
        var kept = keeper.KeepAsync("ptest-slow");
        await host.RunAsync(Waits + "; rm /run/ptest-wait; systemctl kill -s KILL packagekit");
        await kept;
        await keeper.SeesAsync("converged, 0 failed", fromStart: true);
        Assert.Contains("Pkg[ptest-slow] Changed", keeper.Seen, StringComparison.Ordinal);
        Assert.Equal("1", await host.RunAsync("dpkg -l ptest-slow | grep -c ^ii"));
    }

    [HostFact]
    public async Task One_that_cannot_be_configured_is_tried_now_and_then_until_it_can()
    {
        await host.PurgeAsync("ptest-sick");
        await using var keeper = new PkgKeeper(host);
        await keeper.KeepAsync("ptest-sick");
        await keeper.SeesAsync("Pkg[ptest-sick] Failed [cannot install package ptest-sick: ", fromStart: true);
        await host.RunAsync("touch /run/ptest-well");
        await keeper.SeesAsync("Pkg[ptest-sick] Changed");
        Assert.True(keeper.Count("Failed") <= 4, keeper.Seen);
    }

    [HostFact]
    public async Task The_bus_goes_away_and_comes_back()
    {
        await host.PurgeAsync("ptest-beta", "ptest-gamma", "ptest-needy");
        await using var keeper = new PkgKeeper(host);
        await keeper.KeepAsync("ptest-gamma");
        await host.RunAsync("systemctl stop dbus.socket dbus.service; dpkg -r ptest-gamma");
        await keeper.SeesAsync("Pkg[ptest-gamma] Failed [cannot install package ptest-gamma: cannot ");
        await host.RunAsync("systemctl start dbus.socket");
        await keeper.SeesAsync("Pkg[ptest-gamma] Changed [not installed] [installed 1.0]");
        await host.RunAsync("dpkg -r ptest-gamma");
        await keeper.SeesAsync("Pkg[ptest-gamma] Changed [not installed] [installed 1.0]");
    }

    [HostFact]
    public async Task Without_a_bus_what_is_in_order_is_so_and_the_rest_says_what_is_missing()
    {
        await host.PurgeAsync("ptest-gamma");
        await host.RunAsync("dpkg -i /srv/repo/ptest-alpha_1.0_all.deb");
        await using var keeper = new PkgKeeper(host, address: "unix:path=/nowhere/bus");
        await keeper.KeepAsync(keeper.Spec("ptest-alpha"), keeper.Spec("ptest-gamma"));
        Assert.Contains("Pkg[ptest-alpha] InOrder", keeper.Seen, StringComparison.Ordinal);
        Assert.Contains("Pkg[ptest-gamma] Failed [cannot install package ptest-gamma: cannot reach the bus at unix:path=/nowhere/bus: No such file or directory]", keeper.Seen, StringComparison.Ordinal);
        var together = await keeper.CheckTogetherAsync("installed", "ptest-alpha", "ptest-gamma");
        Assert.Equal([Outcome.InOrder, Outcome.Failed], together.Select(one => one.Outcome));
    }
}
