namespace Mgmt.Store.Watches;

/// <summary>All synced watchers of the same keys: they are found once, and share the list of events.</summary>
internal sealed class WatchGroup(KeyRange keys)
{
    public KeyRange Keys => keys;

    public List<Watcher> Watchers { get; } = [];

    /// <summary>The events of the revision that is being told.</summary>
    public List<Event> Events { get; set; } = [];
}
