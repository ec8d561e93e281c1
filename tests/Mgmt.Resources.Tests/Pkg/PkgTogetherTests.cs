using Mgmt.Engine.Kinds;
using Mgmt.Tests;

namespace Mgmt.Resources.Tests.Pkg;

/// <summary>Several packages in one check: one transaction for all, and a result for each.</summary>
[Collection(nameof(PkgKeeper))]
public sealed class PkgTogetherTests(TestHost host)
{
    private static readonly string[] Three = ["ptest-alpha", "ptest-beta", "ptest-gamma"];

    [HostFact]
    public async Task Three_are_installed_and_removed_in_one_transaction()
    {
        await host.PurgeAsync(["ptest-needy", .. Three]);
        await using var keeper = new PkgKeeper(host);
        var (installs, removals) = (await CountAsync("install-packages"), await CountAsync("remove-packages"));
        Assert.Equal(["installed 2.0", "installed 1.0", "installed 1.0"], (await keeper.CheckTogetherAsync("installed", Three)).Select(one => one.Done));
        Assert.Equal(installs + 1, await CountAsync("install-packages"));
        Assert.All(await keeper.CheckTogetherAsync("installed", Three), one => Assert.Equal(CheckResult.InOrder, one));
        Assert.Equal(["removed", "removed", "removed"], (await keeper.CheckTogetherAsync("uninstalled", Three)).Select(one => one.Done));
        Assert.Equal((installs + 1, removals + 1), (await CountAsync("install-packages"), await CountAsync("remove-packages")));
    }

    [HostFact]
    public async Task One_that_is_missing_fails_alone()
    {
        await host.PurgeAsync(Three);
        await using var keeper = new PkgKeeper(host);
        var before = await CountAsync("install-packages");
        var results = await keeper.CheckTogetherAsync("installed", "ptest-alpha", "no-such", "ptest-gamma");
        Assert.Equal([Outcome.Changed, Outcome.Failed, Outcome.Changed], results.Select(one => one.Outcome));
        Assert.StartsWith("cannot install package no-such: the repositories offer no such package", results[1].Wrong, StringComparison.Ordinal);
        Assert.Equal(before + 1, await CountAsync("install-packages"));
    }

    [HostFact]
    public async Task One_that_makes_the_transaction_fail_fails_alone()
    {
        await host.PurgeAsync(["ptest-sick", .. Three]);
        await using var keeper = new PkgKeeper(host);
        var results = await keeper.CheckTogetherAsync("installed", "ptest-alpha", "ptest-sick", "ptest-gamma");
        Assert.Equal([Outcome.Changed, Outcome.Failed, Outcome.Changed], results.Select(one => one.Outcome));
        Assert.StartsWith("cannot install package ptest-sick: ", results[1].Wrong, StringComparison.Ordinal);
        await host.PurgeAsync("ptest-sick");
    }

    [HostFact]
    public async Task One_that_others_need_is_kept_alone()
    {
        await host.PurgeAsync("ptest-needy", "ptest-beta", "ptest-gamma");
        await host.RunAsync("apt-get -y install ptest-needy ptest-gamma");
        await using var keeper = new PkgKeeper(host);
        var results = await keeper.CheckTogetherAsync("uninstalled", "ptest-beta", "ptest-gamma");
        Assert.Equal([Outcome.Failed, Outcome.Changed], results.Select(one => one.Outcome));
        Assert.All(await keeper.CheckTogetherAsync("uninstalled", "ptest-beta", "ptest-needy"), one => Assert.Equal("removed", one.Done));
    }

    [HostFact]
    public async Task The_newest_of_one_that_is_there_and_one_that_is_not()
    {
        await host.PurgeAsync("ptest-alpha", "ptest-gamma");
        await host.RunAsync("dpkg -i /srv/repo/ptest-alpha_1.0_all.deb");
        await using var keeper = new PkgKeeper(host);
        var results = await keeper.CheckTogetherAsync("newest", "ptest-alpha", "ptest-gamma");
        Assert.Equal(["installed 2.0 in its place", "installed 1.0"], results.Select(one => one.Done));
        Assert.All(await keeper.CheckTogetherAsync("newest", "ptest-alpha", "ptest-gamma"), one => Assert.Equal(CheckResult.InOrder, one));
    }

    /// <summary>PackageKit writes each of its transactions down.</summary>
    private async Task<int> CountAsync(string role) => int.Parse(await host.RunAsync($"grep -c \"role='{role}'\" /var/log/apt/history.log || true"), System.Globalization.CultureInfo.InvariantCulture);
}
