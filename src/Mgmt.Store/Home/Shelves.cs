using Mgmt.Store.Machine;
using Mgmt.Store.Wire;

namespace Mgmt.Store.Home;

/// <summary>What is known of the documents of a home, shelf by shelf.</summary>
internal sealed class Shelves
{
    public PageShelf Pages { get; } = new();

    public EventShelf Events { get; } = new();

    public RecordShelf<long, Lease> Leases { get; } = new(Shelf.Leases, static id => id, RecordCodec.Write);

    public RecordShelf<ulong, Member> Members { get; } = new(Shelf.Members, static id => (long)id, RecordCodec.Write);

    /// <summary>Writes what is not as the keys have it at the compaction: the history, the leases and the members.</summary>
    public void Update(StoreView before, StoreView after, Batch batch)
    {
        Events.Update(after, batch);
        Leases.Update(before.LeaseMap, after.LeaseMap, batch);
        Members.Update(before.MemberMap, after.MemberMap, batch);
    }
}
