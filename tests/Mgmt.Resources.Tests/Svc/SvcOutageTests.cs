using Mgmt.Tests;

namespace Mgmt.Resources.Tests.Svc;

/// <summary>The bus and systemd itself go away and come back, under load too.</summary>
[Collection(nameof(TestHost))]
public sealed class SvcOutageTests(TestHost host)
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

    /// <summary>Longer than everything that is tried at once; the outage's length is what is tested.</summary>
    [HostFact]
    public async Task What_happened_in_an_outage_of_six_seconds_is_repaired()
    {
        foreach (var unit in new[] { "far-run", "far-stop", "far-boot", "far-mask" }) host.AddUnit($"{unit}.service", folder: "run/systemd/system");
        await using var keeper = new Keeper(host);
        await keeper.KeepAsync(
            keeper.Spec("far-run", ("state", "running")),
            keeper.Spec("far-stop", ("state", "stopped")),
            keeper.Spec("far-boot", ("startup", "enabled")),
            keeper.Spec("far-mask", ("state", "running"), ("startup", "enabled")));
        await host.RunAsync("systemctl stop dbus.socket dbus.service; systemctl stop far-run far-mask; systemctl start far-stop; systemctl disable far-boot; systemctl mask far-mask");
        await keeper.SeesAsync("Svc[far-run] lost: cannot hear of the bus any more");
        await host.RunAsync("sleep 6; systemctl start dbus.socket");
        foreach (var change in new[] { "far-run] Changed", "far-stop] Changed", "far-boot] Changed", "far-mask] Changed" }) await keeper.SeesAsync(change, fromStart: true);
        await keeper.UntilAsync(
            async () => await host.RunAsync("echo $(systemctl show -P ActiveState far-run far-stop far-mask) $(systemctl is-enabled far-boot far-mask)") == "active inactive active enabled enabled",
            "all in order");
        await host.RunAsync("systemctl stop far-run; systemctl start far-stop");
        await keeper.UntilAsync(async () => await host.RunAsync("echo $(systemctl show -P ActiveState far-run far-stop)") == "active inactive", "repair after the outage");
        Assert.DoesNotContain("Failed", keeper.Seen, StringComparison.Ordinal);
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

    [Fact]
    public async Task Without_a_bus_the_watch_and_the_check_say_so()
    {
        await using var keeper = new Keeper(host, address: "unix:path=/nowhere/bus");
        await keeper.KeepAsync(keeper.Spec("one", ("state", "running")), keeper.Spec("two", ("state", "running"), ("session", true)));
        await keeper.SeesAsync("Svc[one] lost: cannot reach the bus at unix:path=/nowhere/bus: No such file or directory", fromStart: true);
        await keeper.SeesAsync("Svc[two] lost: cannot reach the user bus: there is none", fromStart: true);
        await keeper.SeesAsync("Svc[one] Failed [cannot reach the bus at unix:path=/nowhere/bus: No such file or directory]", fromStart: true);
    }

    private Task UntilActiveAsync(Keeper keeper, string name, int count) => keeper.UntilAsync(
        async () => await host.RunAsync($"systemctl list-units --no-legend --state=active '{name}*' | wc -l") == $"{count}", $"{count} active units {name}*");
}
