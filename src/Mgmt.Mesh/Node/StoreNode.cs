using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Place;
using Mgmt.Store;
using Mgmt.Store.Home;
using Mgmt.Store.Machine;
using Mgmt.Store.Watches;

namespace Mgmt.Mesh.Node;

/// <summary>One member's store over a log that all voters agree on.</summary>
public sealed partial class StoreNode : IStoreNode, IAsyncDisposable
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(50);

    private readonly NodeOptions _options;
    private readonly TimeProvider _time;
    private readonly PendingProposals _pending;
    private readonly NodeWork _work;
    private readonly HomeWriter _home;
    private readonly Replica _replica;
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IConsensus? _consensus;
    private TaskCompletionSource _leadershipNews = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="place">Where the home is.</param>
    /// <param name="identity">Whose it is.</param>
    /// <param name="home">The home, opened; the node closes it.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="time">For leases and timeouts.</param>
    /// <param name="seed">Chance that tells this life of this member from all others.</param>
    /// <param name="warn">Takes what an operator should know.</param>
    public StoreNode(StorePlace place, HomeIdentity identity, StoreHome home, NodeOptions options, TimeProvider time, ulong seed, Action<string> warn)
    {
        ArgumentNullException.ThrowIfNull(home);
        (_options, _time) = (options, time);
        (Cluster, Member) = (identity.Cluster, identity.Member);
        _pending = new(seed, options.MostInFlight);
        _work = new(home.View, options, time, ProposeDueAsync, LeadershipChanged, e => _broken.TrySetException(e));
        _home = new(place, identity, home, options, time, warn);
        _replica = new(home.View, _pending, _work, _home, AnswerAsync);
    }

    /// <inheritdoc/>
    public ulong Cluster { get; }

    /// <inheritdoc/>
    public ulong Member { get; }

    /// <summary>What a consensus applies entries to. Its <see cref="IConsensus"/> is to be given to <see cref="Join"/>.</summary>
    public IReplica Replica => _replica;

    /// <inheritdoc/>
    public Leadership Leadership => _consensus?.Leadership ?? Leadership.None;

    /// <inheritdoc/>
    public StoreView View => _replica.View;

    /// <inheritdoc/>
    public long CommittedIndex => _consensus?.CommittedIndex ?? View.Index;

    /// <inheritdoc/>
    public IReadOnlyList<ulong> Voters => _consensus?.Voters ?? [];

    /// <inheritdoc/>
    public long HomeBytes => _home.Bytes;

    /// <inheritdoc/>
    public (int All, int Unsynced) Watches => _work.Watches;

    /// <summary>Ends when the leadership changes from what it is now.</summary>
    public Task LeadershipNews => Volatile.Read(ref _leadershipNews).Task;

    /// <summary>How many proposals wait for their answer.</summary>
    public int Pending => _pending.Count;

    /// <summary>What keeps the home from being written, or nothing.</summary>
    public string HomeFailure => _home.Failure;

    /// <summary>Fails when this member is not to be trusted any more, by a fault of the program.</summary>
    public Task Broken => _broken.Task;

    private IConsensus Consensus => _consensus ?? throw new InvalidOperationException("the node has not joined a consensus");

    /// <summary>Begins to serve over a consensus that applies to <see cref="Replica"/>.</summary>
    public void Join(IConsensus consensus)
    {
        _consensus = consensus;
        _work.LeadershipChanged(consensus.Leadership);
    }

    /// <inheritdoc/>
    public Task<(Watcher? Watcher, long Revision)> WatchAsync(WatchRequest request, WatchQueue queue) => _work.WatchAsync(request, queue);

    /// <inheritdoc/>
    public Task UnwatchAsync(Watcher watcher) => _work.UnwatchAsync(watcher);

    /// <inheritdoc/>
    public void QueueDrained() => _work.QueueDrained();

    /// <inheritdoc/>
    public Task<bool> TellProgressAsync(Watcher watcher) => _work.TellProgressAsync(watcher);

    /// <inheritdoc/>
    public ValueTask<StoreError?> TransferAsync(ulong member, CancellationToken cancel) => Consensus.TransferAsync(member, cancel);

    /// <inheritdoc/>
    public Task<string> DefragmentAsync(CancellationToken cancel) => _home.DefragmentAsync(cancel);

    /// <inheritdoc/>
    public Task<HomeScrubbed?> ScrubAsync(CancellationToken cancel) => _home.ScrubAsync(cancel);

    /// <summary>Takes no more requests, fails those that wait, and brings the home to the disk. The consensus is to be stopped before.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _pending.FailBefore(long.MaxValue, StoreError.Stopped);
        _work.Dispose();
        await _home.DisposeAsync();
        _ending.Dispose();
    }
}
