using System.Collections.Immutable;
using Mgmt.Store.Commands;

namespace Mgmt.Store.Machine;

/// <summary>
/// The whole replicated state at one log index. It never changes: it may be read by any thread, and kept for as long as a snapshot takes to write, while the
/// machine goes on.
/// </summary>
public sealed class StoreView
{
    internal StoreView()
    {
    }

    /// <summary>The cluster that the state belongs to.</summary>
    public ulong Cluster { get; internal init; }

    /// <summary>The index of the last log entry that is in the state.</summary>
    public long Index { get; internal init; }

    /// <summary>Raft's term of that entry.</summary>
    public long Term { get; internal init; }

    /// <summary>The present revision: 1 in an empty store.</summary>
    public long Revision { get; internal init; } = 1;

    /// <summary>The revision up to which the history is forgotten; -1 when it was never compacted, as in etcd.</summary>
    public long CompactRevision { get; internal init; } = -1;

    /// <summary>What counts against the quota: keys, values and history, each with an allowance for what it takes beside.</summary>
    public long Bytes { get; internal init; }

    /// <summary>How many keys there are.</summary>
    public int Count => Live.Count;

    /// <summary>How many events of history are kept.</summary>
    public int HistoryCount => Log.Count;

    /// <summary>The leases by id.</summary>
    public IReadOnlyDictionary<long, Lease> Leases => LeaseMap;

    /// <summary>The alarms that are raised.</summary>
    public IReadOnlyList<Alarm> Alarms => AlarmList;

    /// <summary>The members by id.</summary>
    public IReadOnlyDictionary<ulong, Member> Members => MemberMap;

    internal SortedTree<KeyValue> Live { get; init; } = SortedTree<KeyValue>.Empty;

    internal SortedTree<Lease> Attachments { get; init; } = SortedTree<Lease>.Empty;

    /// <summary>The events after the compaction, and those of the revision compacted at, which a watch may still start from.</summary>
    internal EventLog Log { get; init; } = EventLog.StartingAt(0);

    internal ImmutableSortedDictionary<long, Lease> LeaseMap { get; init; } = ImmutableSortedDictionary<long, Lease>.Empty;

    internal ImmutableArray<Alarm> AlarmList { get; init; } = [];

    internal ImmutableSortedDictionary<ulong, Member> MemberMap { get; init; } = ImmutableSortedDictionary<ulong, Member>.Empty;

    internal KeySpace Keys => new(Live, Log, [], Revision, CompactRevision);

    /// <summary>The state of a cluster that has done nothing yet.</summary>
    public static StoreView Empty(ulong cluster) => new() { Cluster = cluster };

    /// <summary>
    /// The same keys, history, leases and alarms as the beginning of another cluster, for a restored snapshot. It has no members, and its leases are told from
    /// those of the other log by being granted at index 0.
    /// </summary>
    /// <param name="cluster">The new cluster.</param>
    /// <param name="index">The index that the state is to stand at: the new cluster's log goes on behind it, on every member.</param>
    /// <param name="term">The term at that index.</param>
    public StoreView InCluster(ulong cluster, long index, long term)
    {
        var leases = LeaseMap.ToImmutableSortedDictionary(static one => one.Key, static one => one.Value with { GrantedAt = 0 });
        var attachments = SortedTree<Lease>.Empty.Edit();
        foreach (var one in Live.Range(KeyRange.All).Where(static one => one.Lease != 0)) attachments.Set(LeaseKey.Of(one.Lease, one.Key), leases[one.Lease]);
        return new()
        {
            Cluster = cluster,
            Index = index,
            Term = term,
            Revision = Revision,
            CompactRevision = CompactRevision,
            Bytes = Bytes,
            Live = Live,
            Attachments = attachments.ToTree(),
            Log = Log,
            LeaseMap = leases,
            AlarmList = AlarmList,
        };
    }

    /// <summary>Answers a range, or a transaction of ranges only. What would write is answered as well and changes nothing.</summary>
    public Response Read(Operation operation)
    {
        if (CommandCheck.Check(operation) is { } error) return new Response.Failed(error);
        return operation is Operation.Range range ? RangeReader.Read(Keys, range) : TxnRunner.Run(new Draft(this, Index, Term), operation);
    }

    /// <summary>The keys attached to a lease, in order. None when there is no such lease.</summary>
    public IReadOnlyList<Bytes> LeaseKeys(long id) => [.. LeaseKey.KeysOf(Attachments, id)];

    /// <summary>The checksum of the kept history up to a revision; 0 is the present one. Voters at the same revision, compacted alike, have the same.</summary>
    /// <param name="revision">Up to which revision.</param>
    /// <param name="hash">The checksum.</param>
    /// <returns>Null, or why there is none.</returns>
    public StoreError? HashKeys(long revision, out uint hash)
    {
        hash = 0;
        if (revision > 0 && revision <= CompactRevision) return StoreError.Compacted;
        if (revision > Revision) return StoreError.FutureRevision;
        hash = StateHash.OfKeys(this, revision <= 0 ? Revision : revision);
        return null;
    }

    /// <summary>The checksum of everything: keys, history, leases, alarms, members, revisions, index and term. Equal states have equal ones.</summary>
    public ulong HashAll() => StateHash.OfAll(this);
}
