using Mgmt.Tests;

namespace Mgmt.Resources.Tests.Svc;

/// <summary>Units of a user, with a real manager of a user in the test host.</summary>
[Collection(nameof(TestHost))]
public sealed class SvcSessionTests(TestHost host)
{
    private const string Folder = "run/user/0", Me = "XDG_RUNTIME_DIR=/run/user/0 DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/0/bus";

    [HostFact]
    public async Task A_users_unit_is_kept_like_the_hosts()
    {
        await host.RunAsync("mkdir -p -m 700 /run/user/0 && systemd-run -q --unit=fixture-user -p Type=notify -p Delegate=yes -E HOME=/root -E XDG_RUNTIME_DIR=/run/user/0 "
            + "-E DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/0/bus /lib/systemd/systemd --user");
        host.AddUnit("mine.service", more: "[Install]\nWantedBy=default.target\n", folder: $"{Folder}/systemd/user");
        await using (var keeper = new Keeper(host, userAddress: $"unix:path={host.Root}/{Folder}/bus"))
        {
            await keeper.KeepAsync("mine", ("state", "running"), ("startup", "enabled"), ("session", true));
            Assert.Contains("Svc[mine] Changed [disabled, stopped] [enabled, started]", keeper.Seen, StringComparison.Ordinal);
            await UserAsync("stop mine");
            await keeper.SeesAsync("Changed [stopped] [started]");
            await UserAsync("disable mine");
            await keeper.SeesAsync("Changed [disabled] [enabled]");
            Assert.Equal("active", await UserAsync("show -P ActiveState mine"));
            Assert.Equal("inactive", await host.RunAsync("systemctl show -P ActiveState mine"));
            await host.RunAsync("systemctl kill -s KILL --kill-who=main fixture-user; systemctl stop fixture-user");
            await keeper.SeesAsync("lost");
        }

        await host.RunAsync("systemctl reset-failed fixture-user 2>/dev/null || true; rm -rf /run/user/0/systemd/user");
    }

    private Task<string> UserAsync(string command) => host.RunAsync($"{Me} systemctl --user {command}");
}
