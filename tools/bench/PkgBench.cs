namespace Mgmt.Bench;

/// <summary>Three packages from a repository on the same disk: missing, and when they are there. PackageKit's daemon runs already, for all of those that ask it.</summary>
internal static class PkgBench
{
    private const string Names = "ptest-alpha ptest-beta ptest-gamma";

    public static void Run(Place place)
    {
        using var host = new BenchHost(place);
        host.Write("/opt/pkg.yaml", "graph: packages\nresources:\n  pkg:\n" + string.Concat(Names.Split(' ').Select(name => $"  - name: {name}\n")));
        host.Write("/opt/pkg.pp", string.Concat(Names.Split(' ').Select(name => $"package {{ \"{name}\": ensure => installed }}\n")));
        var contestants = new List<(string, string)>
        {
            ("mgmt", host.Inside($"{BenchHost.Mgmt} run --file /opt/pkg.yaml --converged-timeout 0 --tmp-prefix")),
            ("pkcon", host.Inside($"pkcon -y install {Names}")),
            ("apt-get", host.Inside($"apt-get -y install {Names}")),
        };
        if (Place.Find("puppet") is not null) contestants.Add(("Puppet", host.Inside("puppet apply /opt/pkg.pp")));

        Figures.Title("install three packages");
        host.Write("/opt/installed", $"dpkg-query -W -f '${{db:Status-Abbrev}}' {Names}");
        bool AllThere() => host.Ask("sh /opt/installed") == "ii ii ii";
        Figures.Compare(contestants, before: _ => host.Ask($"dpkg -r {Names} 2>&1"), isDone: AllThere);

        // pkcon calls it a failure when there is nothing to install.
        contestants[1] = ("pkcon", host.Inside($"pkcon resolve {Names}"));
        Figures.Title("check three packages that are installed (pkcon resolves their names)");
        Figures.Compare(contestants, isDone: AllThere);
    }
}
