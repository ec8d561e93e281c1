namespace Mgmt.Bench;

internal static class VersionBench
{
    public static void Run(Place place)
    {
        Figures.Title("print the version");
        var contestants = new List<(string, string)> { ("mgmt", $"{Place.Mgmt} --version"), ("floor: /bin/true", "/bin/true") };
        if (Place.Find("cf-agent") is { } agent) contestants.Add(("CFEngine", $"{agent} --version"));
        if (Place.Find("puppet") is { } puppet) contestants.Add(("Puppet", $"{puppet} --version"));
        if (Place.Find("ansible") is { } ansible) contestants.Add(("Ansible", $"{ansible} --version"));
        Figures.Compare(contestants);
    }
}
