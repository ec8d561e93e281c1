namespace Mgmt.Store.Watches;

/// <summary>Reading history, and moving between those who do and those who need not.</summary>
public sealed partial class WatchHub
{
    /// <summary>
    /// Takes every watcher that reads history one step on. Answers how many got on: while it is not 0 there is more to do at once, then there is when a queue
    /// has been read from.
    /// </summary>
    public int CatchUp()
    {
        var moved = 0;
        for (var node = _unsynced.First; node is not null;)
        {
            var (watcher, next) = (node.Value, node.Next);
            var before = watcher.Next;
            if (Step(watcher)) _unsynced.Remove(node);
            if (watcher.Next != before || watcher.IsSynced || watcher.IsOver) moved++;
            node = next;
        }

        return moved;
    }

    // True when it is done with history, one way or the other.
    private bool Step(Watcher watcher)
    {
        if (watcher.Next < _view.CompactRevision)
        {
            watcher.TellEnd(new WatchMessage.Compacted(watcher, _view.CompactRevision));
            return true;
        }

        if (watcher.HasFallenBehind && _view.Revision - watcher.Next >= limits.Behind)
        {
            watcher.TellEnd(new WatchMessage.TooSlow(watcher, watcher.Next));
            return true;
        }

        var log = _view.Log;
        var from = log.IndexOf(watcher.Next);
        var to = Math.Min(from + limits.CatchUpEvents, log.Count);
        while (to > from && to < log.Count && log[to].Revision == log[to - 1].Revision) to++;
        var events = new List<Event>();
        for (var i = from; i < to; i++)
        {
            if (watcher.Request.Keys.Contains(log[i].KeyValue.Key) && watcher.Request.Wants(log[i])) events.Add(Known(log[i]));
        }

        var last = to == log.Count ? _view.Revision : log[to - 1].Revision;
        if (events.Count > 0 && !watcher.TryTell(last, events, events.Sum(static one => one.KeyValue.Cost), limits)) return false;
        watcher.Next = last + 1;
        if (to == log.Count) Join(watcher);
        return watcher.IsSynced;
    }

    // What was before the revision compacted at is gone on voters that loaded their state, so it is on all.
    private Event Known(Event one) => one.Revision > _view.CompactRevision || one.Previous is null ? one : one with { Previous = null };

    private void Join(Watcher watcher)
    {
        var keys = watcher.Request.Keys;
        if (!_groups.TryGetValue(keys, out var group))
        {
            group = _groups[keys] = new(keys);
            if (!keys.IsSingle) _ranges.Add(keys.Key, keys.IsOpen ? null : keys.End, group);
        }

        group.Watchers.Add(watcher);
        (watcher.IsSynced, watcher.HasFallenBehind) = (true, false);
        Synced++;
    }

    private void Leave(Watcher watcher)
    {
        var group = _groups[watcher.Request.Keys];
        group.Watchers.Remove(watcher);
        watcher.IsSynced = false;
        Synced--;
        if (group.Watchers.Count > 0) return;
        _groups.Remove(group.Keys);
        if (!group.Keys.IsSingle) _ranges.Remove(group);
    }
}
