using System.Globalization;
using Mgmt.Robustness.Voters;

namespace Mgmt.Bench.Store;

/// <summary>A cluster that is measured, and several connections to its leader.</summary>
internal sealed class Contestant(string name, Subject subject, int voters) : IAsyncDisposable
{
    private const int Connections = 8;
    private List<EtcdClient> _clients = [];

    public string Name => name;

    public VoterCluster Cluster { get; } = new(subject, voters);

    public Voter Leader { get; private set; } = null!;

    /// <summary>Connections to the leader; each carries as many requests at once as may be.</summary>
    public IReadOnlyList<EtcdClient> Clients => _clients;

    public async Task StartAsync()
    {
        Cluster.StartAll();
        await ReadyAsync();
    }

    /// <summary>Waits until all voters answer, and finds the leader anew.</summary>
    public async Task ReadyAsync()
    {
        await Cluster.ReadyAsync();
        Leader = await Cluster.LeaderAsync();
        await DisconnectAsync();
        _clients = [.. Enumerable.Range(0, Connections).Select(_ => new EtcdClient(Leader.ClientUrl))];
    }

    /// <summary>Writes this many keys, many at once.</summary>
    public Task FillAsync(int keys) => Parallel.ForEachAsync(Enumerable.Range(0, keys), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, _) =>
        await _clients[i % Connections].PutAsync(string.Create(CultureInfo.InvariantCulture, $"fill/{i:000000}"), Loads.Value, Loads.CallTime));

    /// <summary>Resident memory of one voter, on average.</summary>
    public double ResidentMiB() => Cluster.Voters.Average(static one => IdleBench.ResidentMiB(one.Id));

    public long CpuTicks() => Cluster.Voters.Sum(static one => IdleBench.CpuTicks(one.Id));

    public async ValueTask DisposeAsync()
    {
        await DisconnectAsync();
        await Cluster.DisposeAsync();
    }

    private async Task DisconnectAsync()
    {
        foreach (var client in _clients) await client.DisposeAsync();
        _clients = [];
    }
}
