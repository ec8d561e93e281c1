using System.Collections;
using DotNext.IO;
using DotNext.IO.Log;
using DotNext.Net.Cluster.Consensus.Raft;
using Mgmt.Mesh.Consensus;

namespace Mgmt.Mesh.Raft.Log;

/// <summary>An entry of the log, or the snapshot that stands for what is no longer in it, as DotNext sends it to a member.</summary>
internal sealed class StoredEntry : IRaftLogEntry
{
    private readonly EntryLog? _log;
    private readonly IReplicaSnapshot? _snapshot;
    private readonly long _index;
    private readonly EntryKind _kind;

    public StoredEntry(EntryLog? log, long index, long term, EntryKind kind) => (_log, _index, Term, _kind) = (log, index, term, kind);

    /// <summary>
    /// A snapshot tells DotNext no term: a member that took one would be counted as one that has all entries, not only those in the snapshot. The true term is
    /// the first thing in the content.
    /// </summary>
    public StoredEntry(IReplicaSnapshot snapshot) => (_snapshot, _index, _kind) = (snapshot, snapshot.Index, EntryKind.Command);

    public long Term { get; }

    bool IRaftLogEntry.IsConfiguration => _kind == EntryKind.Configuration;

    bool ILogEntry.IsSnapshot => _snapshot is not null;

    bool IDataTransferObject.IsReusable => true;

    long? IDataTransferObject.Length => null;

    bool IDataTransferObject.TryGetMemory(out ReadOnlyMemory<byte> memory)
    {
        memory = _log?.PayloadOf(_index);
        return _snapshot is null;
    }

    async ValueTask IDataTransferObject.WriteToAsync<TWriter>(TWriter writer, CancellationToken token)
    {
        if (_snapshot is null)
        {
            if (_log is not null) await writer.WriteAsync(_log.PayloadOf(_index), null, token);
            return;
        }

        await writer.WriteLittleEndianAsync(_snapshot.Term, token);
        await using var stream = new WriterStream<TWriter>(writer);
        await _snapshot.WriteAsync(stream, token);
    }
}

/// <summary>Entries one after another; each is read when it is asked for.</summary>
internal sealed class EntryRange(EntryLog log, long first, int count) : IReadOnlyList<StoredEntry>
{
    public int Count => count;

    public StoredEntry this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)count, nameof(index));
            var (term, kind) = log.HeadOf(first + index);
            return new StoredEntry(log, first + index, term, kind);
        }
    }

    public IEnumerator<StoredEntry> GetEnumerator()
    {
        for (var at = 0; at < count; at++) yield return this[at];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
