using System.Diagnostics;
using Grpc.Core;
using Mgmt.Mesh.Wire;
using Mgmt.Robustness.Histories;
using Mgmt.Robustness.Voters;
using Xunit.Abstractions;

namespace Mgmt.Robustness.Storms;

/// <summary>
/// Three voters under load while something is done to them. Afterwards all come back, and everything is held against its promise: the answers to the clients,
/// what the watches told, the leases, and the voters against each other.
/// </summary>
internal sealed class Storm(VoterCluster cluster, int seed)
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(180);
    private readonly WatchLog[] _watches = [.. cluster.Voters.Select((_, i) => new WatchLog(cluster.Voters, i))];

    public VoterCluster Cluster => cluster;

    public Load Load { get; } = new(cluster, clients: 8, seed);

    /// <summary>Whether leases are watched as well.</summary>
    public bool HasTenants { get; init; } = true;

    /// <summary>Starts the voters, lets the storm loose, and judges. What is wrong is thrown with all that helps to find out why.</summary>
    public static async Task RunAsync(Subject subject, ITestOutputHelper output, int seed, Func<Storm, Task> what, int diskMiB = 0, bool hasTenants = true)
    {
        await using var cluster = new VoterCluster(subject, 3, diskMiB);
        var storm = new Storm(cluster, seed) { HasTenants = hasTenants };
        try
        {
            cluster.StartAll();
            await cluster.ReadyAsync();
            await storm.GoThroughAsync(what);
        }
        catch (Exception e) when (e is not TimeoutException || !e.Message.Contains(cluster.Diary(), StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"seed {seed}: {e.Message}\n{cluster.Report()}", e);
        }
        finally
        {
            output.WriteLine($"{subject}, seed {seed}:\n{cluster.Diary()}");
        }
    }

    /// <summary>Waits until the load has done as many operations more.</summary>
    public async Task DoneAsync(int more)
    {
        var end = Load.History.DoneCount + more;
        await cluster.UntilAsync($"{more} operations more are done", () => Task.FromResult(Load.History.DoneCount >= end));
    }

    private async Task GoThroughAsync(Func<Storm, Task> what)
    {
        using var stopLoad = new CancellationTokenSource();
        using var stopWatches = new CancellationTokenSource();
        var tenants = new Tenants(cluster, _watches[0], seed);
        var pairs = new Pairs(cluster, seed);
        var watching = Task.WhenAll(_watches.Select(one => Task.Run(() => one.RunAsync(stopWatches.Token))));
        var loading = Task.WhenAll(Load.RunAsync(stopLoad.Token), pairs.RunAsync(stopLoad.Token), HasTenants ? tenants.RunAsync(stopLoad.Token) : Task.CompletedTask);
        try
        {
            await what(this);
        }
        finally
        {
            await stopLoad.CancelAsync();
            await loading;
        }

        var since = Stopwatch.StartNew();
        await cluster.ReadyAsync();
        cluster.Note($"all are ready {since.Elapsed.TotalSeconds:0.0} s after the storm");
        var wrong = new List<string>(HasTenants ? await tenants.CheckAsync(Settling) : []);
        wrong.AddRange(pairs.Wrong);
        wrong.AddRange(await JudgeAsync());
        await stopWatches.CancelAsync();
        await watching;
        var history = Load.History.All;
        cluster.Note($"{history.Count} operations, {Load.History.DoneCount} done, {history.Count(static one => one.Outcome == Outcome.Unknown)} unknown; {tenants.Count} leases; watches resumed {_watches.Sum(static one => one.Resumptions)} times");
        if (wrong.Count > 0) throw new InvalidOperationException($"{wrong.Count} promises broken:\n{string.Join('\n', wrong)}");
    }

    private async Task<List<string>> JudgeAsync()
    {
        // A write that changes nothing else, so that all that was on its way before is behind it.
        var revision = (await cluster.Voters[0].Client.PutAsync("end", "end", Settling)).Header.Revision;
        foreach (var watch in _watches) await watch.ReachAsync(revision, Settling);
        var changes = _watches[0].Changes;
        var wrong = new List<string>(_watches.Select(static one => one.Wrong).OfType<string>());
        wrong.AddRange(_watches.Skip(1).Where(one => !one.Changes.SequenceEqual(changes)).Select(static _ => "two watches were not told the same"));
        wrong.AddRange(Pairs.CheckChanges(changes));
        wrong.AddRange(RevisionOrder.Check(Load.History.All, changes));
        if (Linearizability.Check(Load.History.All) is { } order) wrong.Add(order);
        wrong.AddRange(await CompareVotersAsync(revision, changes));
        return wrong;
    }

    // Each voter by itself has the same history, in its own words and by its hash.
    private async Task<List<string>> CompareVotersAsync(long revision, IReadOnlyList<Change> changes)
    {
        var (wrong, hashes) = (new List<string>(), new List<string>());
        foreach (var voter in cluster.Voters)
        {
            await cluster.UntilAsync($"{voter.Name} has revision {revision}", async () => (await voter.Client.GetAsync("end", Settling, serializable: true)).Header.Revision >= revision);
            var hash = await voter.Client.Maintenance.HashKVAsync(new() { Revision = revision }, EtcdClient.Within(Settling));
            hashes.Add($"{voter.Name} {hash.Hash:x8}, compacted at {hash.CompactRevision}");
            var live = (await voter.Client.Keys.RangeAsync(new() { Key = EtcdClient.All.Key, RangeEnd = EtcdClient.All.End, Serializable = true, Revision = revision }, EtcdClient.Within(Settling))).Kvs;
            if (!live.Select(static one => new Change(one.ModRevision, one.Key.ToStringUtf8(), one.Value.ToStringUtf8())).ToHashSet().SetEquals(LiveOf(changes))) wrong.Add($"{voter.Name} has other keys than the watches told");
        }

        if (hashes.Select(static one => one[(one.IndexOf(' ', StringComparison.Ordinal) + 1)..]).Distinct().Count() > 1) wrong.Add($"hashes at revision {revision} differ: {string.Join("; ", hashes)}");
        return wrong;
    }

    private static IEnumerable<Change> LiveOf(IEnumerable<Change> changes) => changes.GroupBy(static one => one.Key).Select(static one => one.Last()).Where(static one => one.Value is not null);
}
