using System.Collections.Immutable;
using Mgmt.Store.Wire;

namespace Mgmt.Store.Home;

/// <summary>The leases, one in a document.</summary>
internal sealed class LeaseShelf
{
    private readonly Dictionary<long, (Lease Lease, ulong Share)> _known = [];

    public void Add(HomeDocument document, Lease lease) => _known.Add(lease.Id, (lease, document.Share));

    public void Update(ImmutableSortedDictionary<long, Lease> before, ImmutableSortedDictionary<long, Lease> after, Batch batch)
    {
        if (ReferenceEquals(before, after)) return;
        foreach (var (id, known) in _known.ToList())
        {
            if (after.ContainsKey(id)) continue;
            batch.Remove(Shelf.Leases, id, known.Share);
            _known.Remove(id);
        }

        foreach (var (id, lease) in after)
        {
            var isKnown = _known.TryGetValue(id, out var known);
            if (isKnown && known.Lease == lease) continue;
            var writer = HomeDocument.Begin(Shelf.Leases, id);
            RecordCodec.Write(writer, lease);
            _known[id] = (lease, batch.Write(HomeDocument.End(Shelf.Leases, id, writer), isKnown ? known.Share : null));
        }
    }
}
