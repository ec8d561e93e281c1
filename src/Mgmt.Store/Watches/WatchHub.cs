using Mgmt.Store.Machine;

namespace Mgmt.Store.Watches;

/// <summary>
/// Tells watchers what changes: in order, all of it, and each revision whole. Belongs to one thread, as the machine does: it is to be told of each applied
/// entry before the next. A watcher from an earlier revision reads the history first, step by step; so does one that did not take its events in time.
/// </summary>
public sealed partial class WatchHub(StoreView view, WatchLimits limits)
{
    private readonly Dictionary<KeyRange, WatchGroup> _groups = [];
    private readonly IntervalIndex<WatchGroup> _ranges = new();
    private readonly List<WatchGroup> _found = [];
    private readonly List<WatchGroup> _touched = [];
    private readonly LinkedList<Watcher> _unsynced = new();
    private StoreView _view = view;

    /// <summary>How many watchers hear of changes as they come.</summary>
    public int Synced { get; private set; }

    /// <summary>How many still read history.</summary>
    public int Unsynced => _unsynced.Count;

    /// <summary>Begins a watch. Null when no key can be in its range: etcd says "mvcc: watcher range is empty".</summary>
    public Watcher? Watch(WatchRequest request, WatchQueue queue)
    {
        if (request.Keys.IsEmpty) return null;
        var isSynced = request.StartRevision == 0 || request.StartRevision > _view.Revision;
        var watcher = new Watcher(request, queue, isSynced ? Math.Max(request.StartRevision, _view.Revision + 1) : request.StartRevision);
        if (isSynced) Join(watcher);
        else _unsynced.AddLast(watcher);
        return watcher;
    }

    /// <summary>Ends a watch at its client's wish. It is told nothing more, not even that.</summary>
    public void Cancel(Watcher watcher)
    {
        if (watcher.IsOver) return;
        watcher.IsOver = true;
        if (watcher.IsSynced) Leave(watcher);
        else _unsynced.Remove(watcher);
    }

    /// <summary>Tells of an applied entry.</summary>
    public void Publish(Applied applied)
    {
        _view = applied.View;
        foreach (var one in applied.Events) Sort(one);
        foreach (var group in _touched)
        {
            Tell(group, applied.View.Revision);
            group.Events = [];
        }

        _touched.Clear();
    }

    /// <summary>Goes on from a state that did not come by single entries, such as a peer's snapshot: whoever missed something reads history again.</summary>
    public void Restart(StoreView view)
    {
        _view = view;
        foreach (var watcher in _groups.Values.SelectMany(static group => group.Watchers).Where(one => one.Next <= view.Revision).ToList())
        {
            Leave(watcher);
            _unsynced.AddLast(watcher);
        }
    }

    /// <summary>Tells a watcher how far it is, if it is synced and nothing waits for it. False when it could not be told.</summary>
    public bool TryTellProgress(Watcher watcher) => watcher.IsSynced && !watcher.IsOver && watcher.IsDrained && watcher.TryTell(_view.Revision, [], 0, limits);

    private void Sort(Event one)
    {
        _found.Clear();
        if (_groups.TryGetValue(KeyRange.Single(one.KeyValue.Key), out var single)) _found.Add(single);
        _ranges.Find(one.KeyValue.Key, _found);
        foreach (var group in _found)
        {
            if (group.Events.Count == 0) _touched.Add(group);
            group.Events.Add(one);
        }
    }

    private void Tell(WatchGroup group, long revision)
    {
        var bytes = group.Events.Sum(static one => one.KeyValue.Cost);
        for (var i = group.Watchers.Count - 1; i >= 0; i--)
        {
            var watcher = group.Watchers[i];
            if (watcher.Next > revision) continue;
            if (TryTell(watcher, revision, group.Events, bytes)) continue;

            // History keeps for it what it has no room for: it reads on there, and this process does not grow.
            Leave(watcher);
            (watcher.Next, watcher.HasFallenBehind) = (revision, true);
            _unsynced.AddLast(watcher);
        }
    }

    private bool TryTell(Watcher watcher, long revision, List<Event> events, long bytes)
    {
        if (watcher.Request is { NoPut: true } or { NoDelete: true })
        {
            events = [.. events.Where(watcher.Request.Wants)];
            bytes = events.Sum(static one => one.KeyValue.Cost);
        }

        if (events.Count > 0 && !watcher.TryTell(revision, events, bytes, limits)) return false;
        watcher.Next = revision + 1;
        return true;
    }
}
