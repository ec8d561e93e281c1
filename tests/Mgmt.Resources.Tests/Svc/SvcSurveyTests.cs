using System.Diagnostics;
using Mgmt.Engine;
using Mgmt.Tests;

namespace Mgmt.Resources.Tests.Svc;

/// <summary>What a real systemd tells of the files that units read, and when it is asked again.</summary>
[Collection(nameof(TestHost))]
public sealed class SvcSurveyTests(TestHost host)
{
    [HostFact]
    public async Task A_unit_names_what_it_reads_whether_it_is_loaded_or_not()
    {
        const string Reads = "ExecStart=/bin/sleep 100000 --config=/etc/reads.conf\nEnvironmentFile=-/etc/default/reads\nLoadCredential=key:/etc/reads.key\nExecReload=/bin/kill -HUP -c/etc/reads.d";
        host.AddUnit("reads.service", Reads);
        await host.RunAsync("mkdir -p /etc/systemd/system/reads.service.d; printf '[Service]\\nEnvironment=EXTRA=/etc/reads.extra\\n' >/etc/systemd/system/reads.service.d/extra.conf; systemctl daemon-reload");
        await using var keeper = new Keeper(host);
        var spec = keeper.Spec("reads", ("state", "running"));
        var survey = await keeper.Kind.SurveyAsync([spec, keeper.Spec("nowhere", ("state", "running"))], default);
        Assert.Null(survey.Missing);
        var ties = Assert.Single(survey.Ties);
        Assert.Equal(spec.Address, ties.Key);
        Assert.All(ties.Value.Wishes, wish => Assert.True(wish.Notify));
        var paths = ties.Value.Wishes.Select(wish => wish.Alternatives.First().Key).ToList();
        foreach (var path in (string[])["/etc/systemd/system/reads.service", "/etc/systemd/system/reads.service.d/extra.conf", "/etc/reads.conf", "/etc/default/reads", "/etc/reads.key", "/etc/reads.d", "/etc/reads.extra", "/bin/sleep"])
            Assert.Contains(path, paths);
    }

    [HostFact]
    public async Task It_is_outdated_when_unit_files_change_or_the_bus_comes_back_and_not_by_itself()
    {
        host.AddUnit("dated.service");
        await using var keeper = new Keeper(host);
        var spec = keeper.Spec("dated", ("state", "running"));
        await keeper.Kind.SurveyAsync([spec], default);
        await keeper.KeepAsync(spec);
        Assert.DoesNotContain("outdated", keeper.Seen, StringComparison.Ordinal);
        await host.RunAsync("systemctl daemon-reload");
        await keeper.SeesAsync("outdated");
        host.AddUnit("dated-not.service");
        await keeper.SeesAsync("outdated");
        await host.RunAsync("systemctl kill -s KILL dbus.service");
        await keeper.SeesAsync("outdated");
    }

    [HostFact]
    public async Task Two_hundred_units_are_asked_in_one_pass()
    {
        await host.RunAsync("cd /etc/systemd/system; for n in $(seq 200); do printf \"[Service]\\nExecStart=/bin/sleep 1 /etc/asked$n\\n\" >asked$n.service; done; systemctl daemon-reload");
        await using var keeper = new Keeper(host);
        var clock = Stopwatch.StartNew();
        var survey = await keeper.Kind.SurveyAsync([.. Enumerable.Range(1, 200).Select(n => keeper.Spec($"asked{n}", ("state", "stopped")))], default);
        Assert.Null(survey.Missing);
        Assert.Equal(200, survey.Ties.Count);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"it took {clock.Elapsed}");
        await host.RunAsync("rm /etc/systemd/system/asked*");
    }

    /// <summary>A bus that is not there refuses; one whose daemon is stopped takes the connection and says nothing.</summary>
    [HostFact]
    public async Task Without_an_answer_it_says_so_soon()
    {
        await using var keeper = new Keeper(host, address: "unix:path=/nowhere/bus");
        var clock = Stopwatch.StartNew();
        var survey = await keeper.Kind.SurveyAsync([keeper.Spec("one", ("state", "running")), keeper.Spec("two", ("session", true))], default);
        Assert.Empty(survey.Ties);
        Assert.Equal("cannot ask systemd which files the units read: cannot reach the bus at unix:path=/nowhere/bus: No such file or directory", survey.Missing);
        await using var other = new Keeper(host);
        await host.RunAsync("systemctl kill -s STOP dbus.service");
        var silent = await other.Kind.SurveyAsync([other.Spec("one", ("state", "running"))], default);
        await host.RunAsync("systemctl kill -s CONT dbus.service");
        Assert.StartsWith("cannot ask systemd which files the units read: it did not answer in time", silent.Missing, StringComparison.Ordinal);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(6), $"it took {clock.Elapsed}");
        await other.SeesAsync("outdated");
    }
}
