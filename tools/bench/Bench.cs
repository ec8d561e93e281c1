using Mgmt.Bench;
using Mgmt.Bench.Store;

var benches = new (string Name, Action<Place> Run)[]
{
    ("native", NativeBench.Run),
    ("version", VersionBench.Run),
    ("files", FilesBench.Run),
    ("chain", ChainBench.Run),
    ("heal", HealBench.Run),
    ("watch", WatchBench.Run),
    ("swap", SwapBench.Run),
    ("idle", IdleBench.Run),
    ("pkg", PkgBench.Run),
    ("svc", SvcBench.Run),
    ("store", StoreBench.Run),
    ("exchange", ExchangeBench.Run),
    ("agents", AgentsBench.Run),
};
var unknown = args.Where(name => benches.All(bench => bench.Name != name)).ToList();
if (unknown.Count > 0)
{
    Console.Error.WriteLine($"cannot measure {string.Join(", ", unknown)}: choose from {string.Join(", ", benches.Select(bench => bench.Name))}");
    return 64;
}

foreach (var (name, run) in benches)
{
    if (args.Length > 0 && !args.Contains(name)) continue;
    using var place = new Place();
    run(place);
}

return 0;
