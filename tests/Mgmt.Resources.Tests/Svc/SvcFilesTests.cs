using Mgmt.Engine.Kinds;
using Mgmt.Tests;

namespace Mgmt.Resources.Tests.Svc;

/// <summary>What happens to a unit's files: changed, masked, dropped in, ignored.</summary>
[Collection(nameof(TestHost))]
public sealed class SvcFilesTests(TestHost host)
{
    [HostFact]
    public async Task A_refresh_after_its_file_changed_restarts_it()
    {
        const string Polite = "ExecStart=/bin/sleep 100000\nExecReload=/bin/true";
        host.AddUnit("edited.service", Polite);
        await using var keeper = new Keeper(host);
        var unit = keeper.Make("edited", ("state", "running"));
        Assert.Equal("started", (await CheckAsync(unit)).Done);
        Assert.Equal("reloaded", (await CheckAsync(unit, CheckReasons.Refresh)).Done);
        host.AddUnit("edited.service", Polite + "\nEnvironment=A=1");
        Assert.Equal("had systemd read its files again, restarted", (await CheckAsync(unit, CheckReasons.Refresh)).Done);
        Assert.Equal("reloaded", (await CheckAsync(unit, CheckReasons.Refresh)).Done);

        // Somebody else had systemd read it: it does not say so any more, and the unit runs with the old one all the same.
        host.AddUnit("edited.service", Polite + "\nEnvironment=A=2");
        await host.RunAsync("systemctl daemon-reload");
        Assert.Equal("restarted", (await CheckAsync(unit, CheckReasons.Refresh)).Done);
        Assert.Equal("reloaded", (await CheckAsync(unit, CheckReasons.Refresh)).Done);
    }

    [HostFact]
    public async Task A_drop_in_is_read_and_one_that_systemd_ignores_is_no_reason_to_read_it_for_ever()
    {
        host.AddUnit("dropped.service");
        await using var keeper = new Keeper(host);
        var unit = keeper.Make("dropped", ("state", "running"));
        Assert.Equal("started", (await CheckAsync(unit)).Done);
        await host.RunAsync("mkdir /etc/systemd/system/dropped.service.d; cd /etc/systemd/system/dropped.service.d; echo no >README");
        Assert.Equal(Outcome.InOrder, (await CheckAsync(unit)).Outcome);

        // What looks like one: systemd is asked once, and of the last two it says for ever after that it has to read them.
        foreach (var make in (string[])["printf '[Unit]\\nDescription=hidden\\n' >.hidden.conf", "ln -s /nowhere dangling.conf", "mkdir folder.conf"])
        {
            await host.RunAsync($"cd /etc/systemd/system/dropped.service.d; {make}");
            await CheckAsync(unit);
            Assert.Equal(Outcome.InOrder, (await CheckAsync(unit)).Outcome);
        }

        Assert.Equal("yes", await host.RunAsync("systemctl show -P NeedDaemonReload dropped"));
        await host.RunAsync("printf '[Unit]\\nDescription=seen\\n' >/etc/systemd/system/dropped.service.d/seen.conf");
        Assert.Equal("had systemd read its files again", (await CheckAsync(unit)).Done);
        Assert.Equal("seen", await host.RunAsync("systemctl show -P Description dropped"));
        Assert.Equal(Outcome.InOrder, (await CheckAsync(unit)).Outcome);
        await host.RunAsync("rm -r /etc/systemd/system/dropped.service.d");
        Assert.Equal("had systemd read its files again", (await CheckAsync(unit)).Done);
        await host.RunAsync("mkdir /etc/systemd/system/dropped.service.d; printf '[Unit]\\nDescription=again\\n' >/etc/systemd/system/dropped.service.d/again.conf");
        Assert.Equal("had systemd read its files again", (await CheckAsync(unit)).Done);
        Assert.Equal("again", await host.RunAsync("systemctl show -P Description dropped"));
    }

    [HostFact]
    public async Task A_new_directory_of_drop_ins_for_many_units_is_read()
    {
        host.AddUnit("web-front@.service");
        await using var keeper = new Keeper(host);
        var unit = keeper.Make("web-front@a", ("state", "running"));
        Assert.Equal("started", (await CheckAsync(unit)).Done);
        foreach (var folder in new[] { "web-.service.d", "web-front@.service.d" })
        {
            await host.RunAsync($"mkdir /etc/systemd/system/{folder}; printf '[Unit]\\nDescription={folder}\\n' >/etc/systemd/system/{folder}/z.conf");
            Assert.Equal("had systemd read its files again", (await CheckAsync(unit)).Done);
            Assert.Equal(folder, await host.RunAsync("systemctl show -P Description web-front@a"));
            await host.RunAsync($"rm -r /etc/systemd/system/{folder}; systemctl daemon-reload");
        }
    }

    [HostFact]
    public async Task A_masked_one_is_unmasked_when_it_shall_run()
    {
        host.AddUnit("veiled.service", folder: "run/systemd/system");
        await using var keeper = new Keeper(host);
        await keeper.KeepAsync("veiled", ("state", "running"));
        await host.RunAsync("systemctl mask --now veiled");
        await keeper.UntilAsync(async () => await StateAsync() == "active disabled", "repair of a masked one that was stopped");
        await host.RunAsync("systemctl mask veiled");
        await keeper.UntilAsync(async () => await StateAsync() == "active disabled", "repair of a masked one that runs");
        await host.RunAsync("systemctl mask --runtime --now veiled || true");
        await keeper.UntilAsync(async () => await StateAsync() == "active disabled", "repair of one masked until the next boot");

        Task<string> StateAsync() => host.RunAsync("echo $(systemctl show -P ActiveState veiled) $(systemctl is-enabled veiled)");
    }

    [HostFact]
    public async Task An_empty_unit_file_is_left_to_who_writes_it()
    {
        var file = Path.Combine(host.Units, "half.service");
        await System.IO.File.WriteAllTextAsync(file, "");
        await using var keeper = new Keeper(host);
        await keeper.KeepAsync("half", ("state", "running"), ("startup", "enabled"));
        Assert.Contains("Failed [cannot unmask unit half.service: its unit file /etc/systemd/system/half.service is empty, which masks it; write it, or remove it]", keeper.Seen, StringComparison.Ordinal);
        host.AddUnit("half.service");
        await keeper.SeesAsync("Svc[half] Changed");
        Assert.Equal("active enabled", await host.RunAsync("systemctl show -P ActiveState half") + " " + await host.RunAsync("systemctl is-enabled half"));
    }

    [HostFact]
    public async Task A_masked_one_stays_so_when_it_shall_not_run()
    {
        host.AddUnit("unwanted.service", folder: "run/systemd/system");
        await using var keeper = new Keeper(host);
        await host.RunAsync("systemctl mask unwanted");
        Assert.Equal(Outcome.InOrder, (await CheckAsync(keeper.Make("unwanted", ("state", "stopped"), ("startup", "disabled")))).Outcome);
    }

    private static async Task<CheckResult> CheckAsync(IResource unit, CheckReasons reasons = CheckReasons.Watch) => await unit.CheckAsync(new CheckRequest(Apply: true, reasons), default);
}
