using Mgmt.Store.Machine;
using Mgmt.Store.Wire;

namespace Mgmt.Store.Home;

/// <summary>
/// The keys as they were at the compaction, in documents of neighbours. A compaction rewrites those that hold a key that it changed; one that grew too long
/// is parted.
/// </summary>
internal sealed class PageShelf
{
    private const int FullBytes = 16 * 1024;
    private readonly List<Page> _pages = [];
    private long _nextId = 1;

    /// <summary>Takes in a document that was read; they come in any order, and <see cref="Sort"/> ends them.</summary>
    public void Add(HomeDocument document, Bytes first)
    {
        _pages.Add(new(first, document.Id, document.Share));
        _nextId = Math.Max(_nextId, document.Id + 1);
    }

    public void Sort() => _pages.Sort(static (left, right) => left.First.CompareTo(right.First));

    /// <summary>Writes the pages of the keys that may have changed between two compactions, given in order.</summary>
    public void Update(StoreView view, IEnumerable<Bytes> changed, Batch batch)
    {
        var past = PastKeys.AtCompaction(view);
        var dirty = new List<int>();
        foreach (var key in changed)
        {
            var page = PageOf(key);
            if (dirty.Count == 0 || dirty[^1] != page) dirty.Add(page);
        }

        // From the end, so that parting a page does not move those still to come.
        for (var i = dirty.Count - 1; i >= 0; i--) Rewrite(view, past, dirty[i], batch);
    }

    private void Rewrite(StoreView view, PastKeys past, int index, Batch batch)
    {
        var keys = past.Range(view.Live, RangeOf(index)).Where(one => one.ModRevision <= view.CompactRevision);
        var old = index < _pages.Count ? _pages[index] : null;
        var fresh = new List<Page>();
        var writer = HomeDocument.Begin(Shelf.Pages, old?.Id ?? _nextId);
        Bytes? first = null;
        foreach (var one in keys)
        {
            if (first is null) writer = HomeDocument.Begin(Shelf.Pages, fresh.Count == 0 && old is not null ? old.Id : _nextId);
            first ??= one.Key;
            RecordCodec.Write(writer, one);
            if (writer.Length >= FullBytes) Close();
        }

        if (first is not null) Close();
        if (fresh.Count == 0 && old is not null) batch.Remove(Shelf.Pages, old.Id, old.Share);
        if (old is not null) _pages.RemoveAt(index);
        _pages.InsertRange(index, fresh);

        void Close()
        {
            var isOld = fresh.Count == 0 && old is not null;
            var id = isOld ? old!.Id : _nextId++;
            fresh.Add(new(first!.Value, id, batch.Write(HomeDocument.End(Shelf.Pages, id, writer), isOld ? old!.Share : null)));
            first = null;
        }
    }

    // A page reaches from its first key to the next page's; the first reaches down to the least key.
    private KeyRange RangeOf(int index)
    {
        var from = index == 0 ? KeyRange.All.Key : _pages[index].First;
        return new(from, index + 1 < _pages.Count ? _pages[index + 1].First : KeyRange.All.End);
    }

    private int PageOf(Bytes key)
    {
        var (low, high) = (0, _pages.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_pages[middle].First <= key) low = middle + 1;
            else high = middle;
        }

        return Math.Max(0, low - 1);
    }

    private sealed record Page(Bytes First, long Id, ulong Share);
}
