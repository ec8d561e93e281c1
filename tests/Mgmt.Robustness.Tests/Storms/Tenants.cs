using System.Collections.Concurrent;
using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using Mgmt.Robustness.Histories;
using Mgmt.Robustness.Voters;

namespace Mgmt.Robustness.Storms;

/// <summary>Leases that are granted, kept alive for a while and then left: their keys go, and none of them before its time by the clock of whoever kept it alive.</summary>
internal sealed class Tenants(VoterCluster cluster, WatchLog watch, int seed)
{
    private const int AskedSeconds = 3;
    private static readonly TimeSpan CallTime = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<string, Tenancy> _tenancies = new();

    /// <summary>How many there were.</summary>
    public int Count => _tenancies.Count;

    public Task RunAsync(CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, 3).Select(i => Task.Run(() => RunAsync(i, stop), CancellationToken.None)));

    /// <summary>Waits until all keys are gone, and tells which went too early.</summary>
    public async Task<IReadOnlyList<string>> CheckAsync(TimeSpan within)
    {
        for (var since = Stopwatch.StartNew(); _tenancies.Keys.Any(key => watch.DeletedAt(key) is null); await Task.Delay(50))
        {
            if (watch.Wrong is not null) break;
            if (since.Elapsed > within) return [.. _tenancies.Where(one => watch.DeletedAt(one.Key) is null).Select(one => $"{one.Key} is still there {within.TotalSeconds} s after its lease was left: {one.Value}")];
        }

        return [.. from one in _tenancies
                   let gone = watch.DeletedAt(one.Key)
                   where gone is not null && Stopwatch.GetElapsedTime(one.Value.KeptAt, gone.Value).TotalSeconds < one.Value.Seconds
                   select $"{one.Key} went {Stopwatch.GetElapsedTime(one.Value.KeptAt, gone!.Value).TotalSeconds:0.000} s after it was kept alive: {one.Value}"];
    }

    private async Task RunAsync(int number, CancellationToken stop)
    {
        var random = new Random((seed * 10) + number);
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var key = $"lease/{number}-{i}";
            try
            {
                await LiveAsync(key, random, stop);
            }
            catch (Exception e) when (e is RpcException or IOException)
            {
                await Task.Delay(50, CancellationToken.None);
            }
        }
    }

    private async Task LiveAsync(string key, Random random, CancellationToken stop)
    {
        var at = HistoryLog.Now;
        var voter = Any(random);
        var grant = await voter.Client.Lease.LeaseGrantAsync(new() { TTL = AskedSeconds }, EtcdClient.Within(CallTime));
        var note = $"{grant.TTL} s granted at {voter.Name}";
        await Any(random).Client.Keys.PutAsync(new() { Key = ByteString.CopyFromUtf8(key), Value = ByteString.CopyFromUtf8("here"), Lease = grant.ID }, EtcdClient.Within(CallTime));
        _tenancies[key] = new(at, grant.TTL, note);
        for (var times = random.Next(5); times > 0 && !stop.IsCancellationRequested; times--)
        {
            await Task.Delay(random.Next(300, 1200), CancellationToken.None);
            voter = Any(random);
            at = HistoryLog.Now;
            if (await KeepAliveAsync(voter, grant.ID) is var seconds and > 0) _tenancies[key] = new(at, seconds, $"{note}, kept at {voter.Name} for {seconds} s");
        }
    }

    private static async Task<long> KeepAliveAsync(Voter voter, long lease)
    {
        using var call = voter.Client.Lease.LeaseKeepAlive(EtcdClient.Within(CallTime));
        await call.RequestStream.WriteAsync(new() { ID = lease });
        return await call.ResponseStream.MoveNext(CancellationToken.None) ? call.ResponseStream.Current.TTL : 0;
    }

    private Voter Any(Random random) => cluster.Voters[random.Next(cluster.Voters.Count)];

    private sealed record Tenancy(long KeptAt, long Seconds, string Note);
}
