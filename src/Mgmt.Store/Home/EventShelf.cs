using Mgmt.Store.Machine;
using Mgmt.Store.Wire;

namespace Mgmt.Store.Home;

/// <summary>
/// The history in documents, each of events one after the other. Small batches grow the last document until it is full; documents that a compaction leaves
/// behind are removed whole.
/// </summary>
internal sealed class EventShelf
{
    // As much as one page of LiteDB takes: the last document is written again and again, and a longer one costs several pages each time.
    private const int FullBytes = 7000;
    private readonly Queue<Entry> _full = new();
    private Entry? _last;

    /// <summary>The number of the next event to be written.</summary>
    public long Next { get; private set; }

    /// <summary>Takes in a document that was read; they come in order.</summary>
    public void Add(HomeDocument document, int count, long lastRevision)
    {
        if (_last is not null) _full.Enqueue(_last);
        _last = new(document.Id, lastRevision, document.Bytes.Length, document.Share);
        Next = document.Id + count;
    }

    /// <summary>Begins with the number, when there is nothing yet.</summary>
    public void StartAt(long next) => Next = next;

    public void Update(StoreView view, Batch batch)
    {
        RemoveBefore(view.CompactRevision, batch);
        var log = view.Log;
        if (log.Next <= Next) return;

        // What was compacted before it was ever written needs no place here.
        var from = Math.Max(Next, log.First);
        if (_last is { } last && last.Bytes < FullBytes && last.First >= log.First && from == Next) from = last.First;
        while (from < log.Next) from = Write(log, from, batch);
        Next = log.Next;
    }

    private void RemoveBefore(long revision, Batch batch)
    {
        while (_full.TryPeek(out var first) && first.LastRevision < revision)
        {
            batch.Remove(Shelf.Events, first.First, first.Share);
            _full.Dequeue();
        }

        if (_last is not { } last || _full.Count > 0 || last.LastRevision >= revision) return;
        batch.Remove(Shelf.Events, last.First, last.Share);
        _last = null;
    }

    private long Write(EventLog log, long from, Batch batch)
    {
        var writer = HomeDocument.Begin(Shelf.Events, from);
        var at = from;
        for (; at < log.Next && writer.Length < FullBytes; at++) RecordCodec.Write(writer, log[(int)(at - log.First)]);
        var document = HomeDocument.End(Shelf.Events, from, writer);
        var replaced = _last?.First == from ? _last : null;
        if (_last is not null && replaced is null) _full.Enqueue(_last);
        _last = new(from, log[(int)(at - 1 - log.First)].Revision, document.Bytes.Length, batch.Write(document, replaced?.Share));
        return at;
    }

    private sealed record Entry(long First, long LastRevision, int Bytes, ulong Share);
}
