using System.Collections.Immutable;
using Mgmt.Store.Commands;

namespace Mgmt.Store.Machine;

/// <summary>Where a stored state stands: what its records have to add up to.</summary>
/// <param name="Cluster">Its cluster.</param>
/// <param name="Index">The last log index in it.</param>
/// <param name="Term">The term of the entry there.</param>
/// <param name="Revision">Its revision.</param>
/// <param name="CompactRevision">The revision compacted at, or -1.</param>
/// <param name="FirstEvent">The number of the first event kept.</param>
/// <param name="NextEvent">The number of the next event.</param>
internal sealed record StateMark(ulong Cluster, long Index, long Term, long Revision, long CompactRevision, long FirstEvent, long NextEvent)
{
    public static StateMark Of(StoreView view) => new(view.Cluster, view.Index, view.Term, view.Revision, view.CompactRevision, view.Log.First, view.Log.Next);
}

/// <summary>
/// Builds a state from its records: first the keys as they were at the compaction, then the events in order. Each is held against those before it, so that a
/// record missing or out of place is noticed here at the latest. The first problem stays.
/// </summary>
internal sealed class StateLoader(StateMark mark)
{
    private const int Block = 512;
    private readonly SortedTree<KeyValue>.Editor _live = SortedTree<KeyValue>.Empty.Edit();
    private readonly List<Event> _pending = new(Block);
    private readonly SortedDictionary<long, Lease> _leases = [];
    private readonly List<Alarm> _alarms = [];
    private readonly SortedDictionary<ulong, Member> _members = [];
    private EventLog _log = EventLog.StartingAt(mark.FirstEvent);
    private long _bytes;
    private long _total;
    private long _last;

    /// <summary>What is wrong, or nothing.</summary>
    public string Problem { get; private set; } = "";

    public void AddBase(KeyValue one)
    {
        if (one.Key.IsEmpty || one.ModRevision > mark.CompactRevision || !IsSound(one)) Blame($"key {one.Key} at revision {one.ModRevision} is no record of a state compacted at {mark.CompactRevision}");
        else if (_live.Set(one.Key, one) is not null) Blame($"key {one.Key} is there twice");
        else _bytes += one.Cost;
    }

    public void AddEvent(Event one)
    {
        var revision = one.Revision;
        if (one.KeyValue.Key.IsEmpty || revision < Math.Max(_last, mark.CompactRevision) || revision > mark.Revision) Blame($"an event of revision {revision} follows one of revision {_last}");
        _last = revision;

        // The revision compacted at is kept for watches alone: the keys have it already.
        var known = revision > mark.CompactRevision ? Apply(one) : one;
        _total += one.KeyValue.Cost;
        _pending.Add(known with { Total = _total });
        if (_pending.Count == Block) Append();
    }

    public void AddLease(Lease lease)
    {
        if (lease.Id == 0 || lease.Seconds is < Limits.MinLeaseSeconds or > Limits.MaxLeaseSeconds || !_leases.TryAdd(lease.Id, lease)) Blame($"lease {lease.Id:x} is there twice or no lease");
        _bytes += Limits.LeaseOverhead;
    }

    public void AddMember(Member member)
    {
        if (CommandCheck.Check(member) is not null || _members.Count >= Limits.Members || !_members.TryAdd(member.Id, member)) Blame($"member {member.Id:x} is there twice, one too many or no member");
    }

    public void AddAlarm(Alarm alarm) => _alarms.Add(alarm);

    /// <summary>The state; null when something is wrong with it.</summary>
    public StoreView? Finish()
    {
        Append();
        if (_log.Next != mark.NextEvent) Blame($"{_log.Count} events are there, {mark.NextEvent - mark.FirstEvent} should be");
        if (mark.Revision != (_log.Count == 0 ? 1 : _last)) Blame($"the last event is of revision {_last}, the state of revision {mark.Revision}");
        var attachments = Attach();
        if (Problem.Length > 0) return null;
        return new()
        {
            Cluster = mark.Cluster,
            Index = mark.Index,
            Term = mark.Term,
            Revision = mark.Revision,
            CompactRevision = mark.CompactRevision,
            Bytes = _bytes,
            Live = _live.ToTree(),
            Attachments = attachments,
            Log = _log,
            LeaseMap = _leases.ToImmutableSortedDictionary(),
            AlarmList = [.. _alarms],
            MemberMap = _members.ToImmutableSortedDictionary(),
        };
    }

    private Event Apply(Event one)
    {
        _bytes += one.KeyValue.Cost;
        var key = one.KeyValue.Key;
        if (one.Kind == EventKind.Delete)
        {
            var gone = _live.Remove(key);
            if (gone is null) Blame($"key {key} is deleted at revision {one.Revision}, and is not there");
            return one with { Previous = gone };
        }

        var previous = _live.Set(key, one.KeyValue);
        var (create, version) = previous is null ? (one.Revision, 1) : (previous.CreateRevision, previous.Version + 1);
        if (one.KeyValue.CreateRevision != create || one.KeyValue.Version != version) Blame($"key {key} at revision {one.Revision} does not follow from what is before it");
        if (previous is null) return one;

        // All versions of a key share its bytes.
        var now = one.KeyValue with { Key = previous.Key };
        _live.Set(now.Key, now);
        return new(EventKind.Put, now, previous);
    }

    private SortedTree<Lease> Attach()
    {
        var attachments = SortedTree<Lease>.Empty.Edit();
        foreach (var one in _live.Peek().Range(KeyRange.All))
        {
            if (one.Lease == 0) continue;
            if (_leases.TryGetValue(one.Lease, out var lease)) attachments.Set(LeaseKey.Of(one.Lease, one.Key), lease);
            else Blame($"key {one.Key} is attached to lease {one.Lease:x}, which is not there");
        }

        return attachments.ToTree();
    }

    private void Append()
    {
        _log = _log.Append(_pending);
        _pending.Clear();
    }

    private static bool IsSound(KeyValue one) => one.CreateRevision > 0 && one.CreateRevision <= one.ModRevision && one.Version > 0;

    private void Blame(string problem)
    {
        if (Problem.Length == 0) Problem = problem;
    }
}
