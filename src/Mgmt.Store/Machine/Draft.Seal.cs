using System.Collections.Immutable;

namespace Mgmt.Store.Machine;

/// <summary>How a draft becomes the next state.</summary>
internal sealed partial class Draft
{
    /// <summary>The next state with what was done to the keys, and these leases, alarms and members if they changed.</summary>
    public StoreView Seal(ImmutableSortedDictionary<long, Lease>? leases = null, ImmutableArray<Alarm>? alarms = null, ImmutableSortedDictionary<ulong, Member>? members = null) => new()
    {
        Cluster = start.Cluster,
        Index = index,
        Term = term,
        Revision = Revision,
        CompactRevision = start.CompactRevision,
        Bytes = _bytes,
        Live = _live.ToTree(),
        Attachments = _attachments.ToTree(),
        Log = start.Log.Append(_events),
        LeaseMap = leases ?? start.LeaseMap,
        AlarmList = alarms ?? start.AlarmList,
        MemberMap = members ?? start.MemberMap,
    };

    /// <summary>The next state with one more lease.</summary>
    public StoreView Grant(Lease lease)
    {
        _bytes += Limits.LeaseOverhead;
        return Seal(leases: start.LeaseMap.Add(lease.Id, lease));
    }

    /// <summary>The next state with nothing kept of what was gone by the revision.</summary>
    public StoreView Compact(long revision)
    {
        var bytes = start.Bytes;
        var end = start.Log.IndexOf(revision + 1);
        for (var i = start.Log.IndexOf(start.CompactRevision + 1); i < end; i++)
        {
            var one = start.Log[i];
            bytes -= one.Previous?.Cost ?? 0;
            if (one.Kind == EventKind.Delete) bytes -= one.KeyValue.Cost;
        }

        return new()
        {
            Cluster = start.Cluster,
            Index = index,
            Term = term,
            Revision = start.Revision,
            CompactRevision = revision,
            Bytes = bytes,
            Live = start.Live,
            Attachments = start.Attachments,
            Log = start.Log.From(revision),
            LeaseMap = start.LeaseMap,
            AlarmList = start.AlarmList,
            MemberMap = start.MemberMap,
        };
    }
}
