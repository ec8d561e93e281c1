using System.Diagnostics;
using Mgmt.Engine;
using Mgmt.Engine.Kinds;
using Mgmt.Linux.Files;
using Mgmt.Tests;

namespace Mgmt.Resources.Tests.Pkg;

/// <summary>What packages are tied to by their contents, installed or not.</summary>
[Collection(nameof(PkgKeeper))]
public sealed class PkgSurveyTests(TestHost host) : IDisposable
{
    private readonly FileWriter _writer = new();
    private readonly string _cache = Directory.CreateTempSubdirectory("mgmt-packages-").FullName;

    public void Dispose()
    {
        _writer.Dispose();
        Directory.Delete(_cache, recursive: true);
    }

    [HostFact]
    public async Task A_package_is_tied_to_what_it_brings_before_it_is_installed_and_after()
    {
        await host.PurgeAsync("ptest-daemon");
        await using var keeper = new PkgKeeper(host);
        var before = await TiesAsync(keeper, "ptest-daemon");
        await host.RunAsync("dpkg -i /srv/repo/ptest-daemon_1.0_all.deb");
        var after = await TiesAsync(keeper, "ptest-daemon");
        foreach (var ties in new[] { before, after })
        {
            Assert.Equal(["/bin/ptest-daemon", "/usr/bin/ptest-daemon"], ties.Identities.Select(one => one.Key).Order(StringComparer.Ordinal));
            Assert.All(ties.Wishes, wish => Assert.Equal((WishOrder.Before, false), (wish.Order, wish.Notify)));
            var wished = ties.Wishes.SelectMany(wish => wish.Alternatives).ToHashSet();
            Assert.Contains(new Identity("unit", "ptest-daemon.service"), wished);
            Assert.Contains(Identity.Path("/etc/ptest-daemon.conf"), wished);
            Assert.Contains(Identity.Path("/etc/ptest-daemon.d/"), wished);
            Assert.Contains(Identity.Path("/etc/ptest-daemon.d/README"), wished);
            Assert.Contains(Identity.Path("/usr/lib/systemd/system/ptest-daemon.service"), wished);
            Assert.DoesNotContain(Identity.Path("/etc/"), wished);
            Assert.Equal(ties.Wishes.Count, new List<EdgeWish>(ties.Wishes).Count);
        }
    }

    [HostFact]
    public async Task Files_of_a_package_are_tied_to_its_units_whether_the_package_is_managed_or_not()
    {
        await host.PurgeAsync("ptest-daemon");
        await using var keeper = new PkgKeeper(host);
        var unit = ("ptest-daemon.service", "/usr/lib/systemd/system/ptest-daemon.service");
        var wanted = (await keeper.Kind.SurveyAsync([keeper.Spec("ptest-daemon"), keeper.Spec("ptest-beta")], default)).Bonds;
        Assert.Empty(keeper.Kind.UnitPackages.BondsOf([unit]));
        await host.RunAsync("dpkg -i /srv/repo/ptest-daemon_1.0_all.deb");
        var there = keeper.Kind.UnitPackages.BondsOf([unit, ("hello.service", "/etc/systemd/system/hello.service")]);
        foreach (var bond in new[] { Assert.Single(wanted), Assert.Single(there) })
        {
            Assert.Equal([new Identity("unit", "ptest-daemon.service")], bond.After);
            Assert.True(bond.Notify);
            Assert.Superset(new HashSet<Identity> { Identity.Path("/etc/ptest-daemon.conf"), Identity.Path("/etc/ptest-daemon.d/"), Identity.In("/etc/ptest-daemon.d/") }, bond.Before.ToHashSet());
            Assert.DoesNotContain(Identity.In("/etc/"), bond.Before);
        }
    }

    [HostFact]
    public async Task What_was_learned_is_kept_on_the_disk_and_what_is_damaged_there_is_learned_again()
    {
        await host.PurgeAsync("ptest-daemon", "ptest-gamma");
        await using (var keeper = Keeper()) await TiesAsync(keeper, "ptest-daemon");
        var file = Assert.Single(Directory.GetFiles(_cache, "ptest-daemon*"));
        await using (var keeper = Keeper("unix:path=/nowhere/bus"))
        {
            var survey = await keeper.Kind.SurveyAsync([keeper.Spec("ptest-gamma"), keeper.Spec("ptest-daemon")], default);
            Assert.Equal(new Address("pkg", "ptest-daemon"), Assert.Single(survey.Ties).Key);
            Assert.Equal(Missing("ptest-gamma"), survey.Missing);
        }

        var bytes = await System.IO.File.ReadAllBytesAsync(file);
        bytes[^5] ^= 1;
        await System.IO.File.WriteAllBytesAsync(file, bytes);
        await using (var keeper = Keeper("unix:path=/nowhere/bus"))
        {
            var survey = await keeper.Kind.SurveyAsync([keeper.Spec("ptest-daemon")], default);
            Assert.Empty(survey.Ties);
            Assert.Equal(Missing("ptest-daemon"), survey.Missing);
        }

        await using (var keeper = Keeper()) Assert.NotEmpty((await TiesAsync(keeper, "ptest-daemon")).Wishes);
    }

    [HostFact]
    public async Task One_that_shall_not_be_there_or_is_not_offered_has_no_ties_and_the_others_have()
    {
        await host.PurgeAsync("ptest-daemon", "ptest-gamma");
        await using var keeper = new PkgKeeper(host);
        var survey = await keeper.Kind.SurveyAsync([keeper.Spec("ptest-gamma", ("state", "uninstalled")), keeper.Spec("no-such"), keeper.Spec("ptest-daemon")], default);
        Assert.Equal(new Address("pkg", "ptest-daemon"), Assert.Single(survey.Ties).Key);
        Assert.Null(survey.Missing);
    }

    [HostFact]
    public async Task Another_version_makes_it_outdated_and_the_same_one_does_not()
    {
        await host.PurgeAsync("ptest-alpha");
        await using var keeper = new PkgKeeper(host);
        await TiesAsync(keeper, "ptest-alpha");
        var outdated = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        keeper.Kind.Outdated += (_, _) => outdated.TrySetResult();
        await host.RunAsync("dpkg -i /srv/repo/ptest-alpha_2.0_all.deb && dpkg -r ptest-alpha");
        await keeper.Kind.DrainAsync(default);
        Assert.False(outdated.Task.IsCompleted);
        await host.RunAsync("dpkg -i /srv/repo/ptest-alpha_1.0_all.deb");
        await outdated.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [HostFact]
    public async Task PackageKit_that_comes_back_makes_it_outdated()
    {
        await host.PurgeAsync("ptest-gamma");
        await using var keeper = new PkgKeeper(host);
        await host.RunAsync("systemctl stop dbus.socket dbus.service");
        Assert.NotNull((await keeper.Kind.SurveyAsync([keeper.Spec("ptest-gamma")], default)).Missing);
        var outdated = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        keeper.Kind.Outdated += (_, _) => outdated.TrySetResult();
        await host.RunAsync("systemctl start dbus.socket");
        await outdated.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await TiesAsync(keeper, "ptest-gamma");
    }

    [HostFact]
    public async Task A_hundred_packages_are_surveyed_within_a_second()
    {
        await using var keeper = Keeper();
        var names = (await host.RunAsync("dpkg-query -W -f '${db:Status-Abbrev} ${Package}\\n' | sed -n 's/^ii *//p' | head -100")).Split('\n');
        var specs = names.Select(name => keeper.Spec(name)).ToList();
        var first = Stopwatch.StartNew();
        var survey = await keeper.Kind.SurveyAsync(specs, default);
        var (cold, again) = (first.Elapsed, Stopwatch.StartNew());
        await keeper.Kind.SurveyAsync(specs, default);
        var warm = again.Elapsed;
        var count = survey.Ties.Values.Sum(ties => ties.Wishes.Count);
        Assert.Null(survey.Missing);
        Assert.Equal(100, survey.Ties.Count);
        Assert.True(warm < TimeSpan.FromSeconds(1), $"{count} wishes: {cold.TotalMilliseconds:0} ms, then {warm.TotalMilliseconds:0} ms");
        Console.WriteLine($"{count} wishes of 100 packages: {cold.TotalMilliseconds:0} ms, then {warm.TotalMilliseconds:0} ms");
    }

    private static string Missing(string name) =>
        $"cannot find the files of package {name}: cannot reach the bus at unix:path=/nowhere/bus: No such file or directory; automatic edges to what they bring are left out";

    private PkgKeeper Keeper(string? address = null)
    {
        var keeper = new PkgKeeper(host, address: address);
        keeper.Kind.KeepContents(_cache, _writer);
        return keeper;
    }

    private static async Task<Ties> TiesAsync(PkgKeeper keeper, string name)
    {
        var survey = await keeper.Kind.SurveyAsync([keeper.Spec(name)], default);
        Assert.Null(survey.Missing);
        return survey.Ties[new Address("pkg", name)];
    }
}
