using DotNext.IO;
using DotNext.IO.Log;
using DotNext.Net.Cluster.Consensus.Raft;

namespace Mgmt.Mesh.Raft.Log;

/// <content>Entries in and out.</content>
internal sealed partial class RaftLog
{
    /// <summary>
    /// What a leader sent. What is here already stays, and so does all behind it: a message that comes late must not cut off what was acknowledged since. Only
    /// what contradicts goes. The answer goes out after everything is on the disk.
    /// </summary>
    async ValueTask IAuditTrail<IRaftLogEntry>.AppendAsync<TEntry>(ILogEntryProducer<TEntry> entries, long startIndex, bool skipCommitted, CancellationToken token)
    {
        _hooks.Follows();
        var payload = new BoundedBuffer(_log.MaxPayload);
        for (var index = startIndex; await entries.MoveNextAsync(); index++)
        {
            var entry = entries.Current;
            if (entry.IsSnapshot) throw new LogException($"cannot take entry {index}: it is a snapshot");
            if (index < _log.First || _log.TermOf(index) == entry.Term) continue;
            if (index <= Committed) throw new LogException($"cannot take entry {index} of term {entry.Term}: another one is committed there; this is a defect");
            payload.Clear();
            await entry.WriteToAsync(payload, token);
            _log.AppendAt(index, entry.Term, entry.IsConfiguration ? EntryKind.Configuration : EntryKind.Command, payload.Written);
        }

        await _log.FlushAllAsync(token);
    }

    /// <summary>DotNext's own entries: the first of a term, and configurations.</summary>
    async ValueTask<long> IAuditTrail<IRaftLogEntry>.AppendAsync<TEntry>(TEntry entry, CancellationToken token)
    {
        var payload = new BoundedBuffer(_log.MaxPayload);
        await entry.WriteToAsync(payload, token);
        var index = Add(entry.Term, entry.IsConfiguration ? EntryKind.Configuration : EntryKind.Command, payload.Written);
        if (entry.IsConfiguration) Volatile.Write(ref _configured, index);
        return index != 0 ? index : throw new NotLeaderException();
    }

    ValueTask<TResult> IAuditTrail<IRaftLogEntry>.ReadAsync<TResult>(
        ILogEntryConsumer<IRaftLogEntry, TResult> reader, long startIndex, long endIndex, CancellationToken token)
    {
        if (startIndex > endIndex) return reader.ReadAsync<StoredEntry, StoredEntry[]>([], null, token);
        if (endIndex > _log.Last) return ValueTask.FromException<TResult>(new ArgumentOutOfRangeException(nameof(endIndex), endIndex, $"the log ends at {_log.Last}"));
        if (reader.LogEntryMetadataOnly) return reader.ReadAsync<StoredEntry, StoredEntry[]>([new StoredEntry(null, startIndex, TermOf(startIndex), EntryKind.Command)], null, token);

        // Without the term of the entry before, a member could not check what it gets; then the snapshot has to do.
        if (startIndex >= _log.First && TermOf(startIndex - 1) >= 0)
            return reader.ReadAsync<StoredEntry, EntryRange>(new EntryRange(_log, startIndex, checked((int)(endIndex - startIndex + 1))), null, token);
        var snapshot = _replica.Snapshot;
        return reader.ReadAsync<StoredEntry, StoredEntry[]>([new StoredEntry(snapshot)], snapshot.Index, token);
    }

    ValueTask<TResult> IAuditTrail.ReadAsync<TResult>(ILogEntryConsumer<ILogEntry, TResult> reader, long startIndex, long endIndex, CancellationToken token) =>
        ((IAuditTrail<IRaftLogEntry>)this).ReadAsync(reader, startIndex, endIndex, token);

    private long TermOf(long index)
    {
        if (index == 0) return 0;
        var term = _log.TermOf(index);
        return term < 0 && _replica.Snapshot is { } snapshot && snapshot.Index == index ? snapshot.Term : term;
    }
}
