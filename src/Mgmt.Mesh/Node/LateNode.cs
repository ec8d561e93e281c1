using Mgmt.Mesh.Consensus;
using Mgmt.Store;
using Mgmt.Store.Commands;
using Mgmt.Store.Machine;
using Mgmt.Store.Watches;

namespace Mgmt.Mesh.Node;

/// <summary>Stands where a node is while this agent keeps the store, so that the API is there before, between and after: without a node there is no leader.</summary>
/// <param name="member">This agent's member id.</param>
internal sealed class LateNode(Func<ulong> member) : IStoreNode
{
    private static readonly StoreView Nothing = StoreView.Empty(0);
    private IStoreNode? _node;

    /// <summary>Whether there is a node.</summary>
    public bool IsThere => Volatile.Read(ref _node) is not null;

    public ulong Cluster => _node?.Cluster ?? 0;

    public ulong Member => member();

    public Leadership Leadership => _node?.Leadership ?? Leadership.None;

    public StoreView View => _node?.View ?? Nothing;

    public long CommittedIndex => _node?.CommittedIndex ?? 0;

    public IReadOnlyList<ulong> Voters => _node?.Voters ?? [];

    public long HomeBytes => _node?.HomeBytes ?? 0;

    public (int All, int Unsynced) Watches => _node?.Watches ?? (0, 0);

    /// <summary>From now on this one answers, or nobody.</summary>
    public void Become(IStoreNode? node) => Volatile.Write(ref _node, node);

    public ValueTask<Response> ExecuteAsync(Command command, CancellationToken cancel) =>
        _node?.ExecuteAsync(command, cancel) ?? new(new Response.Failed(StoreError.NoLeader));

    public ValueTask<Reading> ReadBarrierAsync(CancellationToken cancel) => _node?.ReadBarrierAsync(cancel) ?? new(new Reading(null, StoreError.NoLeader));

    public ValueTask<LeaseTime> KeepAliveAsync(long lease, CancellationToken cancel) => _node?.KeepAliveAsync(lease, cancel) ?? new(new LeaseTime(0, 0, StoreError.NoLeader));

    public ValueTask<LeaseTime> TimeToLiveAsync(long lease, CancellationToken cancel) => _node?.TimeToLiveAsync(lease, cancel) ?? new(new LeaseTime(0, 0, StoreError.NoLeader));

    public Task<(Watcher? Watcher, long Revision)> WatchAsync(WatchRequest request, WatchQueue queue) =>
        _node?.WatchAsync(request, queue) ?? Task.FromResult<(Watcher?, long)>((null, 0));

    public Task UnwatchAsync(Watcher watcher) => _node?.UnwatchAsync(watcher) ?? Task.CompletedTask;

    public void QueueDrained() => _node?.QueueDrained();

    public Task<bool> TellProgressAsync(Watcher watcher) => _node?.TellProgressAsync(watcher) ?? Task.FromResult(false);

    public ValueTask<StoreError?> TransferAsync(ulong member, CancellationToken cancel) => _node?.TransferAsync(member, cancel) ?? new(StoreError.NoLeader);

    public Task<HomeScrubbed?> ScrubAsync(CancellationToken cancel) => _node?.ScrubAsync(cancel) ?? Task.FromResult<HomeScrubbed?>(null);

    public Task<string> DefragmentAsync(CancellationToken cancel) => _node?.DefragmentAsync(cancel) ?? Task.FromResult(StoreError.NoLeader.Message);
}
