using System.Buffers.Binary;
using DotNext.IO;
using DotNext.IO.Log;
using DotNext.Net.Cluster.Consensus.Raft;

namespace Mgmt.Mesh.Raft.Log;

/// <content>Another member's snapshot takes the place of the state and of the log that led to it.</content>
internal sealed partial class RaftLog
{
    async ValueTask IAuditTrail<IRaftLogEntry>.AppendAsync<TEntry>(TEntry entry, long startIndex, CancellationToken token)
    {
        if (!entry.IsSnapshot) throw new NotSupportedException("entries come by a producer");
        _hooks.Follows();
        if (startIndex <= Committed) return;
        var path = Path.Combine(_folder, "snapshot.new");
        try
        {
            await using var content = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
            await using (var bounded = new BoundedStream(content, _maxSnapshot)) await entry.WriteToAsync(bounded, token: token);
            content.Position = 0;
            var head = new byte[8];
            await content.ReadExactlyAsync(head, token);
            await InstallAsync(startIndex, BinaryPrimitives.ReadInt64LittleEndian(head), content, token);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException($"cannot install the snapshot of entry {startIndex}: it has no content", e);
        }
    }

    private async ValueTask InstallAsync(long index, long term, Stream content, CancellationToken cancel)
    {
        await _applying.WaitAsync(cancel);
        try
        {
            _mark.Set(index, term);
            await _replica.InstallAsync(index, term, content, cancel);

            // What is behind the snapshot is of its history only if the entry at its place is.
            if (_log.TermOf(index) != term) _log.Reset(index, term);
            await _log.FlushAllAsync(cancel);
            Advance(ref _committed, index);
            Advance(ref _applied, index);
        }
        finally
        {
            _applying.Release();
        }

        SignalApplied();
    }
}
