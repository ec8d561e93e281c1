using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace Mgmt.Mesh.Api.Hosting;

/// <summary>
/// Reads HTTP/2 for Kestrel, which ends a stream whose host is none. etcdctl sometimes names a whole URL as the host, or a unix socket's path: such a name is
/// made one that Kestrel takes, in place, before Kestrel sees it. Bytes of a frame of headers are held back until all of it is there.
/// </summary>
internal sealed class AuthorityReader(PipeReader inner) : PipeReader
{
    private const int PrefaceBytes = 24, FrameHeadBytes = 9, LongestHeaders = 64 * 1024;
    private const byte HeadersType = 1, Padded = 0x8, Priority = 0x20;

    private ReadOnlySequence<byte> _buffer;

    // How many bytes from the buffer's start on Kestrel may have; they may not all be there yet.
    private long _cleared = PrefaceBytes;

    /// <summary>Puts it before what the connection reads.</summary>
    public static void Join(ConnectionContext connection) =>
        connection.Transport = new Duplex(new AuthorityReader(connection.Transport.Input), connection.Transport.Output);

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var result = Look(await inner.ReadAsync(cancellationToken), out var holdsBack);
            if (!result.Buffer.IsEmpty || !holdsBack) return result;
            inner.AdvanceTo(_buffer.Start, _buffer.End);
        }
    }

    public override bool TryRead(out ReadResult result)
    {
        if (!inner.TryRead(out result)) return false;
        result = Look(result, out var holdsBack);
        if (!result.Buffer.IsEmpty || !holdsBack) return true;
        inner.AdvanceTo(_buffer.Start, _buffer.End);
        return false;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _cleared -= _buffer.Slice(0, consumed).Length;
        inner.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    private ReadResult Look(ReadResult result, out bool holdsBack)
    {
        _buffer = result.Buffer;
        while (TryClearFrame())
        {
        }

        holdsBack = _cleared < _buffer.Length && !result.IsCompleted && !result.IsCanceled;
        return holdsBack ? new(_buffer.Slice(0, _cleared), result.IsCanceled, result.IsCompleted) : result;
    }

    private bool TryClearFrame()
    {
        if (_buffer.Length - _cleared < FrameHeadBytes) return false;
        Span<byte> head = stackalloc byte[FrameHeadBytes];
        _buffer.Slice(_cleared, FrameHeadBytes).CopyTo(head);
        var length = (head[0] << 16) | (head[1] << 8) | head[2];
        if (head[3] == HeadersType && length <= LongestHeaders)
        {
            if (_buffer.Length - _cleared < FrameHeadBytes + length) return false;
            LookAtHeaders(_buffer.Slice(_cleared + FrameHeadBytes, length), head[4]);
        }

        _cleared += FrameHeadBytes + length;
        return true;
    }

    private static void LookAtHeaders(ReadOnlySequence<byte> payload, byte flags)
    {
        var block = payload.ToArray();
        var start = ((flags & Padded) != 0 ? 1 : 0) + ((flags & Priority) != 0 ? 5 : 0);
        if (start >= block.Length || !AuthorityField.Replace(block.AsSpan(start))) return;

        // The pipe's memory is ours until it is given back, and nobody else reads it.
        var written = 0;
        foreach (var part in payload)
        {
            block.AsSpan(written, part.Length).CopyTo(MemoryMarshal.AsMemory(part).Span);
            written += part.Length;
        }
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
