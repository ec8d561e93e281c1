namespace Mgmt.Bench;

internal static class ChainBench
{
    public static void Run(Place place)
    {
        Figures.Title("a chain of three commands of 1 s, beside a free one of 1 s");
        var execs = string.Concat(Enumerable.Range(1, 4).Select(i => $"  - {{name: e{i}, cmd: sleep 1}}\n"));
        var graph = place.Write("chain.yaml", $$"""
            graph: chain
            resources:
              exec:
            {{execs}}
            edges:
            - {name: a, from: {kind: exec, name: e1}, to: {kind: exec, name: e2} }
            - {name: b, from: {kind: exec, name: e2}, to: {kind: exec, name: e3} }

            """);
        var contestants = new List<(string, string)>
        {
            ("mgmt", $"{Place.Mgmt} run --file {graph} --converged-timeout 0 --tmp-prefix"),
            ("floor: sh", "sh -c 'sleep 1 & sleep 1; sleep 1; sleep 1; wait'"),
        };
        if (Place.Find("puppet") is { } puppet)
        {
            var manifest = place.Write("chain.pp", string.Concat(Enumerable.Range(1, 4).Select(i => $"exec {{ 'e{i}': command => '/bin/sleep 1' }}\n")) + "Exec['e1'] -> Exec['e2'] -> Exec['e3']\n");
            contestants.Add(("Puppet", $"{puppet} apply {manifest}"));
        }

        Figures.Compare(contestants, runs: 3);
    }
}
