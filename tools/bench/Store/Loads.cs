using System.Diagnostics;
using Grpc.Core;
using Mgmt.Robustness.Voters;

namespace Mgmt.Bench.Store;

/// <summary>What is done to a store and how long it takes.</summary>
internal static class Loads
{
    public static readonly TimeSpan CallTime = TimeSpan.FromSeconds(30);

    /// <summary>100 bytes.</summary>
    public static readonly string Value = new('v', 100);

    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(3);

    /// <summary>One writer, one put after the other: milliseconds of each.</summary>
    public static Task<List<double>> PutsAsync(Contestant who, int count) => EachAsync(count, i => who.Clients[0].PutAsync($"one/{i % 100}", Value, CallTime));

    /// <summary>One reader: milliseconds of each get.</summary>
    public static Task<List<double>> GetsAsync(Contestant who, int count, bool serializable) => EachAsync(count, _ => who.Clients[0].GetAsync("one/0", CallTime, serializable));

    /// <summary>Writers side by side: puts a second.</summary>
    public static async Task<double> ThroughputAsync(Contestant who, int writers)
    {
        var done = 0L;
        var since = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(async i =>
        {
            var client = who.Clients[i % who.Clients.Count];
            for (var n = 0; since.Elapsed < Burst; n++)
            {
                await client.PutAsync($"many/{i}/{n % 100}", Value, CallTime);
                Interlocked.Increment(ref done);
            }
        }));
        return done / since.Elapsed.TotalSeconds;
    }

    /// <summary>From the call of a put until the last of so many watches of its key has told of it: milliseconds of each.</summary>
    public static async Task<List<double>> WatchesAsync(Contestant who, int watches, int count)
    {
        using var stop = new CancellationTokenSource();
        var arrivals = new Arrivals(watches);
        var perStream = Math.Min(watches, 100);
        var streams = Enumerable.Range(0, watches / perStream).Select(i => FollowAsync(who.Clients[1 + (i % (who.Clients.Count - 1))], perStream, arrivals, stop.Token)).ToList();
        await arrivals.Created.WaitAsync(CallTime);
        var times = await EachAsync(count, async i =>
        {
            arrivals.Begin();
            await who.Clients[0].PutAsync("watched", Value, CallTime);
            await arrivals.All.WaitAsync(CallTime);
        });
        await stop.CancelAsync();
        await Task.WhenAll(streams);
        return times;
    }

    /// <summary>kill -9 of the leader until another voter acknowledges a write, in seconds. Afterwards all are back.</summary>
    public static async Task<double> KillLeaderAsync(Contestant who)
    {
        var others = who.Cluster.Voters.Where(one => one != who.Leader).ToList();
        await who.Leader.KillAsync();
        var since = Stopwatch.StartNew();
        await Task.WhenAny(others.Select(async voter =>
        {
            while (!await TryPutAsync(voter)) await Task.Delay(5);
        }));
        var taken = since.Elapsed.TotalSeconds;
        who.Cluster.Start(who.Leader);
        await who.ReadyAsync();
        return taken;
    }

    /// <summary>From the start of a voter that was killed until it answers a linearizable read, in seconds.</summary>
    public static async Task<double> RestartAsync(Contestant who)
    {
        await who.Leader.KillAsync();
        var since = Stopwatch.StartNew();
        who.Cluster.Start(who.Leader);
        while (!await TryGetAsync(who.Leader)) await Task.Delay(2);
        return since.Elapsed.TotalSeconds;
    }

    private static async Task<List<double>> EachAsync(int count, Func<int, Task> what)
    {
        var times = new List<double>(count);
        for (var i = -count / 10; i < count; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await what(i + count);
            if (i >= 0) times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return times;
    }

    private static async Task FollowAsync(EtcdClient client, int watches, Arrivals arrivals, CancellationToken stop)
    {
        using var call = client.Watch.Watch(cancellationToken: stop);
        try
        {
            for (var i = 0; i < watches; i++) await call.RequestStream.WriteAsync(new() { CreateRequest = new() { Key = Google.Protobuf.ByteString.CopyFromUtf8("watched") } }, stop);
            await foreach (var message in call.ResponseStream.ReadAllAsync(stop))
            {
                if (message.Created) arrivals.WasCreated();
                if (message.Events.Count > 0) arrivals.Came();
            }
        }
        catch (Exception e) when (e is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
        {
            // That is the end of the measure.
        }
    }

    private static Task<bool> TryPutAsync(Voter voter) => TryAsync(() => voter.Client.PutAsync("first", Value, TimeSpan.FromMilliseconds(250)));

    private static Task<bool> TryGetAsync(Voter voter) => TryAsync(() => voter.Client.GetAsync("first", TimeSpan.FromMilliseconds(250)));

    private static async Task<bool> TryAsync(Func<Task> what)
    {
        try
        {
            await what();
            return true;
        }
        catch (RpcException)
        {
            return false;
        }
    }

    /// <summary>Counts what watches tell, until all of them have.</summary>
    private sealed class Arrivals(int watches)
    {
        private readonly TaskCompletionSource _created = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _createdCount;
        private int _came;

        public Task Created => _created.Task;

        public Task All => _all.Task;

        public void WasCreated()
        {
            if (Interlocked.Increment(ref _createdCount) == watches) _created.SetResult();
        }

        public void Begin()
        {
            _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _came, 0);
        }

        public void Came()
        {
            if (Interlocked.Increment(ref _came) == watches) _all.SetResult();
        }
    }
}
