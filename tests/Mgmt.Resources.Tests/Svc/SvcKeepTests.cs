using Mgmt.Tests;

namespace Mgmt.Resources.Tests.Svc;

[CollectionDefinition(nameof(TestHost))]
public sealed class TestHostCollection : ICollectionFixture<TestHost>;

/// <summary>What somebody does to a unit by hand is repaired as it happens.</summary>
[Collection(nameof(TestHost))]
public sealed class SvcKeepTests(TestHost host)
{
    [HostFact]
    public async Task A_unit_is_started_and_enabled()
    {
        host.AddUnit("begin.service");
        await using var keeper = new Keeper(host);
        await keeper.KeepAsync("begin", ("state", "running"), ("startup", "enabled"));
        Assert.Contains("Svc[begin] Changed [disabled, stopped] [enabled, started]", keeper.Seen, StringComparison.Ordinal);
        Assert.Equal("active enabled", await StateAsync("begin"));
    }

    [HostFact]
    public async Task A_stopped_a_killed_and_a_failed_one_are_started_again()
    {
        host.AddUnit("ended.service");
        await using var keeper = new Keeper(host);
        await keeper.KeepAsync("ended", ("state", "running"));
        await host.RunAsync("systemctl stop ended");
        await keeper.SeesAsync("Changed [stopped] [started]");
        await host.RunAsync("kill -9 $(systemctl show -P MainPID ended)");
        await keeper.SeesAsync("Changed [failed] [started]");
        Assert.Equal("active disabled", await StateAsync("ended"));
    }

    [HostFact]
    public async Task A_started_and_enabled_one_is_stopped_and_disabled_again()
    {
        host.AddUnit("quiet.service");
        await using var keeper = new Keeper(host);
        await keeper.KeepAsync("quiet", ("state", "stopped"), ("startup", "disabled"));
        await host.RunAsync("systemctl start quiet");
        await keeper.SeesAsync("Changed [running] [stopped]");
        await host.RunAsync("systemctl enable quiet");
        await keeper.SeesAsync("Changed [enabled] [disabled]");
        Assert.Equal("inactive disabled", await StateAsync("quiet"));
    }

    [HostFact]
    public async Task A_disabled_and_a_masked_one_is_enabled_again()
    {
        host.AddUnit("boot.service");
        System.IO.File.Move(Path.Combine(host.Units, "boot.service"), await UnitFolderAsync("boot.service"));
        await using var keeper = new Keeper(host);
        await keeper.KeepAsync("boot", ("state", "running"), ("startup", "enabled"));
        await host.RunAsync("systemctl disable boot");
        await keeper.SeesAsync("Changed [disabled] [enabled]");
        await host.RunAsync("systemctl mask --now boot");
        await keeper.SeesAsync("unmasked");
        await keeper.SeesAsync("converged, 0 failed");
        await host.RunAsync("ln -sfn /dev/null /etc/systemd/system/boot.service");
        await keeper.SeesAsync("unmasked");
        await keeper.SeesAsync("converged, 0 failed");
        await host.RunAsync("rm /etc/systemd/system/multi-user.target.wants/boot.service");
        await keeper.SeesAsync("Changed [disabled] [enabled]");
        Assert.Equal("active enabled", await StateAsync("boot"));
    }

    [HostFact]
    public async Task One_that_appears_later_is_started_when_it_does()
    {
        await using var keeper = new Keeper(host);
        await keeper.KeepAsync("later", ("state", "running"));
        Assert.Contains("Failed [cannot find unit later.service: there is no unit file of that name; it is started as soon as it appears]", keeper.Seen, StringComparison.Ordinal);
        host.AddUnit("later.service");
        await keeper.SeesAsync("Svc[later] Changed");
        Assert.Equal("active disabled", await StateAsync("later"));
    }

    [HostFact]
    public async Task Changed_unit_files_are_read_again()
    {
        host.AddUnit("text.service");
        await using var keeper = new Keeper(host);
        await keeper.KeepAsync("text", ("state", "running"));
        await host.RunAsync("mkdir -p /etc/systemd/system/text.service.d && printf '[Unit]\\nDescription=other words\\n' >/etc/systemd/system/text.service.d/words.conf");
        await keeper.SeesAsync("Changed [its files changed on disk] [had systemd read its files again]");
        Assert.Equal("other words", await host.RunAsync("systemctl show -P Description text"));
    }

    private async Task<string> StateAsync(string unit) =>
        await host.RunAsync($"systemctl show -P ActiveState {unit}") + " " + await host.RunAsync($"systemctl is-enabled {unit} || true");

    // Where a package would put it: /etc is then free for a mask.
    private async Task<string> UnitFolderAsync(string name)
    {
        await host.RunAsync("mkdir -p /run/systemd/system");
        return Path.Combine(host.Root, "run/systemd/system", name);
    }
}
