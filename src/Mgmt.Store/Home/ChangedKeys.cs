using Mgmt.Store.Machine;

namespace Mgmt.Store.Home;

/// <summary>The keys that may be different at the compactions of two states of one history, in order.</summary>
internal static class ChangedKeys
{
    public static IEnumerable<Bytes> Between(StoreView before, StoreView after)
    {
        var keys = new SortedSet<Bytes>();
        var end = before.Log.IndexOf(after.CompactRevision + 1);
        for (var i = before.Log.IndexOf(before.CompactRevision + 1); i < end; i++) keys.Add(before.Log[i].KeyValue.Key);
        if (after.CompactRevision > before.Revision) AddUnseen(before, after, keys);
        return keys;
    }

    // Compacted before anybody saw it: what is different now was changed, or has been changed again since.
    private static void AddUnseen(StoreView before, StoreView after, SortedSet<Bytes> keys)
    {
        for (var i = 0; i < after.Log.Count; i++) keys.Add(after.Log[i].KeyValue.Key);
        foreach (var one in before.Live.Range(KeyRange.All))
        {
            if (after.Live.Find(one.Key)?.ModRevision != one.ModRevision) keys.Add(one.Key);
        }

        foreach (var one in after.Live.Range(KeyRange.All))
        {
            if (one.ModRevision > before.Revision) keys.Add(one.Key);
        }
    }
}
