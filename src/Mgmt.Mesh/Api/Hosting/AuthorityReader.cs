using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;

namespace Mgmt.Mesh.Api.Hosting;

/// <summary>
/// Reads HTTP/2 from a unix socket. etcdctl names the socket's path as the host that it talks to, and Kestrel ends a stream whose host has a slash: so
/// slashes there are made dashes, in place, before Kestrel sees them. It looks at whole frames only, and Kestrel takes none that is not whole.
/// </summary>
internal sealed class AuthorityReader(PipeReader inner) : PipeReader
{
    private const int PrefaceBytes = 24, FrameHeadBytes = 9;
    private const byte HeadersType = 1, Padded = 0x8, Priority = 0x20;

    private ReadOnlySequence<byte> _buffer;
    private bool _isPrefaceBehind;

    // How many bytes from the buffer's start on have been looked at.
    private long _seen;

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => Look(await inner.ReadAsync(cancellationToken));

    public override bool TryRead(out ReadResult result)
    {
        if (!inner.TryRead(out result)) return false;
        result = Look(result);
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _seen -= _buffer.Slice(0, consumed).Length;
        _buffer = default;
        inner.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    private ReadResult Look(ReadResult result)
    {
        _buffer = result.Buffer;
        if (!_isPrefaceBehind && _buffer.Length >= PrefaceBytes)
        {
            _isPrefaceBehind = true;
            _seen = PrefaceBytes;
        }

        while (_isPrefaceBehind && TryLookAtFrame())
        {
        }

        return result;
    }

    private bool TryLookAtFrame()
    {
        if (_buffer.Length - _seen < FrameHeadBytes) return false;
        Span<byte> head = stackalloc byte[FrameHeadBytes];
        _buffer.Slice(_seen, FrameHeadBytes).CopyTo(head);
        var length = (head[0] << 16) | (head[1] << 8) | head[2];
        if (_buffer.Length - _seen < FrameHeadBytes + length) return false;
        if (head[3] == HeadersType) LookAtHeaders(_buffer.Slice(_seen + FrameHeadBytes, length), head[4]);
        _seen += FrameHeadBytes + length;
        return true;
    }

    private static void LookAtHeaders(ReadOnlySequence<byte> payload, byte flags)
    {
        var block = payload.ToArray();
        var start = ((flags & Padded) != 0 ? 1 : 0) + ((flags & Priority) != 0 ? 5 : 0);
        if (start >= block.Length || !AuthorityField.ReplaceSlashes(block.AsSpan(start))) return;

        // The pipe's memory is ours until it is given back, and nobody else reads it.
        var written = 0;
        foreach (var part in payload)
        {
            block.AsSpan(written, part.Length).CopyTo(MemoryMarshal.AsMemory(part).Span);
            written += part.Length;
        }
    }
}
