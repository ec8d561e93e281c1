using Mgmt.Robustness.Voters;

namespace Mgmt.Bench.Store;

/// <summary>
/// The store beside etcd: the same client, the same machine and disk, in turn in one run. MGMT_BENCH_STORE=etcd measures etcd against itself, which tells how
/// far the ratios are to be trusted.
/// </summary>
internal static class StoreBench
{
    private const int Rounds = 5;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(20);

    public static void Run(Place place)
    {
        var first = Subject.Of(Environment.GetEnvironmentVariable("MGMT_BENCH_STORE") ?? Subject.Mgmt.Name);
        foreach (var subject in new[] { first, Subject.Etcd })
        {
            if (subject.Obstacle.Length == 0) continue;
            Console.Error.WriteLine($"cannot measure the store: {subject.Obstacle}");
            return;
        }

        RunAsync(first).GetAwaiter().GetResult();
    }

    private static async Task RunAsync(Subject first)
    {
        foreach (var voters in new[] { 1, 3 })
        {
            Figures.Title($"store, {voters} voter{(voters > 1 ? "s" : "")}, beside etcd");
            await using var ours = new Contestant("mgmt", first, voters);
            await using var theirs = new Contestant("etcd", Subject.Etcd, voters);
            var duel = new Duel(ours, theirs);
            foreach (var who in duel.Both) await who.StartAsync();
            await IdleAsync(duel);
            await LatenciesAsync(duel);
            if (voters > 1) await duel.LessAsync("kill -9 of the leader to a write", "s", Rounds, Loads.KillLeaderAsync);
            else await FilledAsync(duel);
        }
    }

    private static async Task IdleAsync(Duel duel)
    {
        await duel.LessAsync("memory idle, each", "MiB", 1, static who => Task.FromResult(who.ResidentMiB()));
        var before = duel.Both.Select(static who => who.CpuTicks()).ToList();
        await Task.Delay(Idle);
        var used = duel.Both.Select((who, i) => (who.CpuTicks() - before[i]) / Idle.TotalSeconds / who.Cluster.Voters.Count).ToList();
        Duel.Print("CPU idle, each", "% of a core", used[0], used[1], "less is better");
    }

    private static async Task LatenciesAsync(Duel duel)
    {
        await duel.TimesAsync("one writer", Rounds, static who => Loads.PutsAsync(who, 1000));
        await duel.MoreAsync("64 writers", "puts/s", Rounds, static who => Loads.ThroughputAsync(who, 64));
        await duel.TimesAsync("linearizable get", Rounds, static who => Loads.GetsAsync(who, 1000, serializable: false));
        await duel.TimesAsync("serializable get", Rounds, static who => Loads.GetsAsync(who, 1000, serializable: true));
        await duel.TimesAsync("put to event, 1 watch", Rounds, static who => Loads.WatchesAsync(who, 1, 300));
        await duel.TimesAsync("put to last event, 1,000 watches", Rounds, static who => Loads.WatchesAsync(who, 1000, 50));
    }

    private static async Task FilledAsync(Duel duel)
    {
        foreach (var who in duel.Both) await who.FillAsync(100_000);
        await duel.LessAsync("memory with 100,000 keys", "MiB", 1, static who => Task.FromResult(who.ResidentMiB()));
        await duel.LessAsync("start with 100,000 keys", "s", Rounds, Loads.RestartAsync);
    }
}
