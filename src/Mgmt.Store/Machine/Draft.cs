namespace Mgmt.Store.Machine;

/// <summary>The next state in the making. What it was made from stays as it is, so a draft that fails is simply dropped.</summary>
internal sealed partial class Draft(StoreView start, long index, long term)
{
    private readonly SortedTree<KeyValue>.Editor _live = start.Live.Edit();
    private readonly SortedTree<Lease>.Editor _attachments = start.Attachments.Edit();
    private readonly List<Event> _events = [];
    private long _bytes = start.Bytes;
    private long _total = start.Log.Total;

    /// <summary>The log index of the command.</summary>
    public long Index => index;

    /// <summary>The state that it began with.</summary>
    public StoreView Start => start;

    /// <summary>What it has done so far.</summary>
    public IReadOnlyList<Event> Events => _events;

    /// <summary>The revision as of now: one more than at the start as soon as something has changed.</summary>
    public long Revision => _events.Count > 0 ? Writes : start.Revision;

    /// <summary>The keys as of now; to be read before the next change.</summary>
    public KeySpace Keys => new(_live.Peek(), start.Log, _events, Revision, start.CompactRevision);

    private long Writes => start.Revision + 1;

    public KeyValue? Find(Bytes key) => _live.Peek().Find(key);

    /// <summary>Writes a key. Answers what was there.</summary>
    public KeyValue? Put(Bytes key, Bytes value, long lease)
    {
        var previous = Find(key);
        var now = new KeyValue(previous?.Key ?? key, value, previous?.CreateRevision ?? Writes, Writes, (previous?.Version ?? 0) + 1, lease);
        _live.Set(now.Key, now);
        Attach(now.Key, previous?.Lease ?? 0, lease);
        Add(new(EventKind.Put, now, previous));
        return previous;
    }

    /// <summary>Deletes keys. Answers what was there.</summary>
    public List<KeyValue> Delete(KeyRange range)
    {
        var gone = _live.Peek().Range(range).ToList();
        foreach (var one in gone)
        {
            _live.Remove(one.Key);
            Attach(one.Key, one.Lease, 0);
            Add(new(EventKind.Delete, new(one.Key, default, 0, Writes, 0, 0), one));
        }

        return gone;
    }

    /// <summary>Ends a lease and deletes its keys in their order.</summary>
    public StoreView EndLease(Lease lease)
    {
        foreach (var key in LeaseKey.KeysOf(start.Attachments, lease.Id).ToList()) Delete(KeyRange.Single(key));
        _bytes -= Limits.LeaseOverhead;
        return Seal(leases: start.LeaseMap.Remove(lease.Id));
    }

    private void Attach(Bytes key, long former, long lease)
    {
        if (former == lease) return;
        if (former != 0) _attachments.Remove(LeaseKey.Of(former, key));
        if (lease != 0) _attachments.Set(LeaseKey.Of(lease, key), start.LeaseMap[lease]);
    }

    private void Add(Event one)
    {
        _bytes += one.KeyValue.Cost;
        _total += one.KeyValue.Cost;
        _events.Add(one with { Total = _total });
    }
}
