using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Grpc.Core;
using Mgmt.Mesh.Wire;
using Mgmt.Robustness.Voters;

namespace Mgmt.Bench.Store;

/// <summary>
/// What five voters have to do for a thousand agents that do not vote: each has a connection of its own to one of them, a lease with its card, and a watch on what
/// is exported. The agents are played by this process.
/// </summary>
internal static class AgentsBench
{
    private const int Agents = 1000, Voters = 5, Changes = 50;
    private const string Exports = "mgmt/exports/", Cards = "mgmt/agents/";
    private const long LeaseSeconds = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), Rest = TimeSpan.FromSeconds(20), KeepAlive = TimeSpan.FromSeconds(5);

    public static void Run(Place place) => RunAsync().GetAwaiter().GetResult();

    private static async Task RunAsync()
    {
        Figures.Title($"agents: {Agents} of them, played by one process, through {Voters} voters on one machine");
        await using var cluster = new VoterCluster(Subject.Mgmt, Voters);
        cluster.StartAll();
        await cluster.ReadyAsync();
        var start = Stopwatch.GetTimestamp();
        var agents = new List<Agent>();
        foreach (var group in Enumerable.Range(0, Agents).Chunk(50)) agents.AddRange(await Task.WhenAll(group.Select(i => Agent.StartAsync(i, cluster.Voters[i % Voters].ClientUrl))));
        Figures.Row("all are there", $"{Stopwatch.GetElapsedTime(start).TotalSeconds,6:0.0} s");
        await MeasureRestAsync(cluster, agents);
        await MeasureChangesAsync(cluster, agents);
        foreach (var agent in agents) await agent.DisposeAsync();
    }

    private static async Task MeasureRestAsync(VoterCluster cluster, List<Agent> agents)
    {
        var before = cluster.Voters.Sum(static one => Seconds(one.Id));
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < Rest)
        {
            await Task.WhenAll(agents.Select(static one => one.KeepAliveAsync()));
            await Task.Delay(KeepAlive);
        }

        var elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Figures.Row("at rest, all voters together", $"{(cluster.Voters.Sum(static one => Seconds(one.Id)) - before) / elapsed * 100,6:0.0} % of a processor   {cluster.Voters.Max(static one => Megabytes(one.Id)),4:0} MB the largest");
    }

    private static async Task MeasureChangesAsync(VoterCluster cluster, List<Agent> agents)
    {
        var (first, last) = (new List<double>(), new List<double>());
        for (var i = 0; i < Changes; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var revision = (await cluster.Voters[i % Voters].Client.PutAsync($"{Exports}host/file", $"version {i}", Patience)).Header.Revision;
            var times = await Task.WhenAll(agents.Select(one => one.HeardAsync(revision, Patience)));
            if (i < 5) continue;
            first.Add(Stopwatch.GetElapsedTime(start, times.Order().ElementAt(Agents / 2)).TotalMilliseconds);
            last.Add(Stopwatch.GetElapsedTime(start, times.Max()).TotalMilliseconds);
        }

        Figures.Row("a change, at half of them", $"median {Figures.Median(first),6:0.0} ms   p99 {Figures.Quantile(first, 0.99),6:0.0} ms");
        Figures.Row("a change, at the last of them", $"median {Figures.Median(last),6:0.0} ms   p99 {Figures.Quantile(last, 0.99),6:0.0} ms");
    }

    // User and system time, in hundredths of a second.
    private static double Seconds(int id) => File.ReadAllText($"/proc/{id}/stat") is var line && line[(line.LastIndexOf(')') + 2)..].Split(' ') is var fields ? (double.Parse(fields[11], System.Globalization.CultureInfo.InvariantCulture) + double.Parse(fields[12], System.Globalization.CultureInfo.InvariantCulture)) / 100 : 0;

    private static double Megabytes(int id) => double.Parse(File.ReadLines($"/proc/{id}/status").First(static line => line.StartsWith("VmRSS", StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) / 1000;

    /// <summary>One agent, as far as the voters see it.</summary>
    private sealed class Agent(EtcdClient client, AsyncDuplexStreamingCall<WatchRequest, WatchResponse> watch, AsyncDuplexStreamingCall<LeaseKeepAliveRequest, LeaseKeepAliveResponse> keepAlive, long lease) : IAsyncDisposable
    {
        [SuppressMessage("Reliability", "CA2000", Justification = "The agent owns its client.")]
        public static async Task<Agent> StartAsync(int number, string url)
        {
            var client = new EtcdClient(url);
            var lease = (await client.Lease.LeaseGrantAsync(new() { TTL = LeaseSeconds }, EtcdClient.Within(Patience))).ID;
            await client.Keys.PutAsync(new() { Key = ByteString.CopyFromUtf8($"{Cards}bench{number}"), Value = ByteString.CopyFromUtf8("{}"), Lease = lease }, EtcdClient.Within(Patience));
            var watch = client.Watch.Watch();
            await watch.RequestStream.WriteAsync(new() { CreateRequest = new() { Key = ByteString.CopyFromUtf8(Exports), RangeEnd = ByteString.CopyFromUtf8("mgmt/exports0") } });
            await watch.ResponseStream.MoveNext(CancellationToken.None);
            return new(client, watch, client.Lease.LeaseKeepAlive(), lease);
        }

        public async Task KeepAliveAsync()
        {
            await keepAlive.RequestStream.WriteAsync(new() { ID = lease });
            if (!await keepAlive.ResponseStream.MoveNext(CancellationToken.None) || keepAlive.ResponseStream.Current.TTL <= 0) throw new InvalidOperationException("a lease ended");
        }

        /// <summary>When it heard of a revision.</summary>
        public async Task<long> HeardAsync(long revision, TimeSpan within)
        {
            using var late = new CancellationTokenSource(within);
            do
            {
                if (!await watch.ResponseStream.MoveNext(late.Token)) throw new InvalidOperationException("a watch ended");
            }
            while (watch.ResponseStream.Current.Events.All(one => one.Kv.ModRevision < revision));
            return Stopwatch.GetTimestamp();
        }

        public async ValueTask DisposeAsync()
        {
            watch.Dispose();
            keepAlive.Dispose();
            await client.DisposeAsync();
        }
    }
}
