using Mgmt.Tests;

namespace Mgmt.Resources.Tests.Pkg;

/// <summary>What somebody does to a package by hand is repaired as it happens.</summary>
[Collection(nameof(PkgKeeper))]
public sealed class PkgKeepTests(TestHost host)
{
    [HostFact]
    public async Task One_that_apt_get_or_dpkg_removed_is_back()
    {
        await PurgeAsync("ptest-daemon");
        await using var keeper = new PkgKeeper(host);
        await keeper.KeepAsync("ptest-daemon");
        Assert.Contains("Pkg[ptest-daemon] Changed [not installed] [installed 1.0]", keeper.Seen, StringComparison.Ordinal);
        foreach (var removal in new[] { "apt-get -y remove", "apt-get -y purge", "dpkg -r", "dpkg -P", "pkcon -y remove" })
        {
            await host.RunAsync($"{removal} ptest-daemon");
            await keeper.SeesAsync("Pkg[ptest-daemon] Changed [not installed] [installed 1.0]");
            await keeper.SeesAsync("converged, 0 failed");
            Assert.Equal("install ok installed 1.0", await StatusAsync("ptest-daemon"));
        }
    }

    [HostFact]
    public async Task One_that_shall_not_be_there_is_removed_again()
    {
        await PurgeAsync("ptest-daemon");
        await using var keeper = new PkgKeeper(host);
        await keeper.KeepAsync("ptest-daemon", ("state", "uninstalled"));
        Assert.Contains("Pkg[ptest-daemon] InOrder", keeper.Seen, StringComparison.Ordinal);
        await host.RunAsync("apt-get -y install ptest-daemon");
        await keeper.SeesAsync("Pkg[ptest-daemon] Changed [1.0 is installed] [removed]");
        Assert.Equal("deinstall ok config-files 1.0", await StatusAsync("ptest-daemon"));
    }

    [HostFact]
    public async Task One_that_shall_have_a_version_is_brought_down_and_up_to_it()
    {
        await PurgeAsync("ptest-alpha");
        await using var keeper = new PkgKeeper(host);
        await keeper.KeepAsync("ptest-alpha", ("state", "1.0"));
        Assert.Contains("Changed [not installed] [installed 1.0]", keeper.Seen, StringComparison.Ordinal);
        await host.RunAsync("apt-get -y install ptest-alpha");
        await keeper.SeesAsync("Changed [2.0 is installed] [installed 1.0 in its place]");
        await keeper.KeepAsync("ptest-alpha", ("state", "2.0"));
        Assert.Contains("Changed [1.0 is installed] [installed 2.0 in its place]", keeper.Seen, StringComparison.Ordinal);
    }

    [HostFact]
    public async Task The_newest_is_kept_when_a_newer_one_comes_to_the_repository()
    {
        await PurgeAsync("ptest-alpha");
        await host.RunAsync("dpkg -i /srv/repo/ptest-alpha_1.0_all.deb");
        await using var keeper = new PkgKeeper(host);
        await keeper.KeepAsync("ptest-alpha", ("state", "newest"));
        Assert.Contains("Changed [1.0 is installed] [installed 2.0 in its place]", keeper.Seen, StringComparison.Ordinal);
        try
        {
            await host.RunAsync("cd /srv/repo && cp -p Packages Release /srv && cp later/*.deb . && dpkg-scanpackages -m . >Packages 2>/dev/null && rm Release && apt-get update");
            await keeper.SeesAsync("Changed [2.0 is installed] [installed 3.0 in its place]");
        }
        finally
        {
            await host.RunAsync("cd /srv/repo && rm ptest-alpha_3.0* && mv /srv/Packages /srv/Release . && apt-get update");
        }
    }

    [HostFact]
    public async Task A_held_one_is_left_at_its_version_and_brought_back_all_the_same()
    {
        await PurgeAsync("ptest-alpha");
        await host.RunAsync("dpkg -i /srv/repo/ptest-alpha_1.0_all.deb && apt-mark hold ptest-alpha");
        await using var keeper = new PkgKeeper(host);
        await keeper.KeepAsync("ptest-alpha", ("state", "newest"));
        Assert.Contains("Pkg[ptest-alpha] InOrder", keeper.Seen, StringComparison.Ordinal);
        await host.RunAsync("apt-mark unhold ptest-alpha");
        await keeper.SeesAsync("Changed [1.0 is installed] [installed 2.0 in its place]");
    }

    [HostFact]
    public async Task Only_what_changed_is_looked_at()
    {
        await PurgeAsync("ptest-beta", "ptest-gamma");
        await using var keeper = new PkgKeeper(host);
        await keeper.KeepAsync(keeper.Spec("ptest-beta"), keeper.Spec("ptest-gamma"));
        var before = keeper.Count("Pkg[ptest-beta]");
        await host.RunAsync("dpkg -r ptest-gamma");
        await keeper.SeesAsync("Pkg[ptest-gamma] Changed [not installed]");
        await keeper.SeesAsync("converged, 0 failed");
        Assert.Equal(before, keeper.Count("Pkg[ptest-beta]"));
    }

    [HostFact]
    public async Task Noop_says_what_it_would_do_and_does_nothing()
    {
        await PurgeAsync("ptest-gamma", "ptest-alpha");
        await host.RunAsync("dpkg -i /srv/repo/ptest-alpha_1.0_all.deb");
        await using var keeper = new PkgKeeper(host, noop: true);
        await keeper.KeepAsync(keeper.Spec("ptest-gamma"), keeper.Spec("ptest-alpha", ("state", "newest")));
        Assert.Contains("Pkg[ptest-gamma] WouldChange [not installed] [would install it]", keeper.Seen, StringComparison.Ordinal);
        Assert.Contains("Pkg[ptest-alpha] WouldChange [1.0 is installed] [would update it to 2.0]", keeper.Seen, StringComparison.Ordinal);
        Assert.Equal("", await StatusAsync("ptest-gamma"));
    }

    private Task PurgeAsync(params string[] names) => host.PurgeAsync(names);

    private Task<string> StatusAsync(string name) => host.RunAsync($"dpkg-query -W -f '${{Status}} ${{Version}}' {name} 2>/dev/null || true");
}

internal static class PackageHosts
{
    internal static Task PurgeAsync(this TestHost host, params string[] names) =>
        host.RunAsync($"rm -f /run/ptest-wait /run/ptest-well; dpkg --force-all --purge {string.Join(' ', names)} 2>/dev/null || true");
}
