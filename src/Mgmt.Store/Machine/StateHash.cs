using Mgmt.Store.Wire;

namespace Mgmt.Store.Machine;

/// <summary>Checksums of a state, walked over what is in memory, so that damage there is seen as well. Sums, so that order does not matter.</summary>
internal static class StateHash
{
    public static uint OfKeys(StoreView view, long revision)
    {
        var sum = SumOf(view, revision);
        return (uint)(sum ^ (sum >> 32));
    }

    public static ulong OfAll(StoreView view)
    {
        var sum = SumOf(view, view.Revision) + Of(3, view.Index, view.Revision, view.CompactRevision) + Of(4, (long)view.Cluster, view.Bytes, view.Log.Next) + Of(9, view.Term, 0, 0);
        foreach (var one in view.LeaseMap.Values) sum += Of(5, one.Id, one.Seconds, one.GrantedAt);
        foreach (var one in view.MemberMap.Values) sum += Of(one);
        foreach (var one in view.AlarmList) sum += Of(6, (long)one.Member, (long)one.Kind, 0);

        // The live keys follow from the history, and the attachments from the keys; if they do not, that is damage.
        foreach (var one in view.Live.Range(KeyRange.All)) sum += Of(7, one) * 3;
        return sum + (ulong)view.Attachments.Count;
    }

    private static ulong SumOf(StoreView view, long revision)
    {
        var sum = 0UL;
        foreach (var one in KeptRecords.Base(view)) sum += Of(0, one);
        var end = view.Log.IndexOf(revision + 1);
        for (var i = view.Log.IndexOf(view.CompactRevision + 1); i < end; i++) sum += Of(view.Log[i].Kind == EventKind.Put ? (byte)1 : (byte)2, view.Log[i].KeyValue);
        return sum;
    }

    private static ulong Of(byte kind, KeyValue one)
    {
        var crc = Crc32C.Append(Crc32C.Append(Crc32C.Append(Crc32C.Start, kind), one.Key), one.Value);
        crc = Crc32C.Append(Crc32C.Append(crc, one.CreateRevision), one.ModRevision);
        crc = Crc32C.Append(Crc32C.Append(crc, one.Version), one.Lease);
        return Crc32C.Spread(crc, (ulong)one.ModRevision);
    }

    private static ulong Of(Member member)
    {
        var writer = new WireWriter();
        RecordCodec.Write(writer, member);
        return Crc32C.Spread(Crc32C.Of(writer.Written), member.Id + 8);
    }

    private static ulong Of(byte kind, long first, long second, long third) =>
        Crc32C.Spread(Crc32C.Append(Crc32C.Append(Crc32C.Append(Crc32C.Append(Crc32C.Start, kind), first), second), third), (ulong)first);
}
