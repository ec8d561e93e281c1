using System.Collections.Immutable;
using Mgmt.Store.Wire;

namespace Mgmt.Store.Home;

/// <summary>The records of a map, one in a document: the leases, the members.</summary>
internal sealed class RecordShelf<TKey, T>(Shelf shelf, Func<TKey, long> idOf, Action<WireWriter, T> write)
    where TKey : notnull
    where T : class
{
    private readonly Dictionary<TKey, (T Record, ulong Share)> _known = [];

    public void Add(HomeDocument document, TKey key, T record) => _known.Add(key, (record, document.Share));

    public void Update(ImmutableSortedDictionary<TKey, T> before, ImmutableSortedDictionary<TKey, T> after, Batch batch)
    {
        if (ReferenceEquals(before, after)) return;
        foreach (var (key, known) in _known.ToList())
        {
            if (after.ContainsKey(key)) continue;
            batch.Remove(shelf, idOf(key), known.Share);
            _known.Remove(key);
        }

        foreach (var (key, record) in after)
        {
            var isKnown = _known.TryGetValue(key, out var known);
            if (isKnown && known.Record.Equals(record)) continue;
            var writer = HomeDocument.Begin(shelf, idOf(key));
            write(writer, record);
            _known[key] = (record, batch.Write(HomeDocument.End(shelf, idOf(key), writer), isKnown ? known.Share : null));
        }
    }
}
