using System.Buffers;
using System.Text;

namespace Mgmt.Linux.Processes;

/// <summary>Keeps the first and the last bytes of a stream, and counts those between. Read it when the child has ended.</summary>
/// <param name="limit">How many bytes to keep at each end.</param>
public sealed class OutputCapture(int limit = 8 * 1024) : IChildOutput
{
    private readonly ArrayBufferWriter<byte> _head = new();
    private byte[] _tail = [];
    private long _afterHead;

    /// <summary>How many bytes the stream had.</summary>
    public long Length => _head.WrittenCount + _afterHead;

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        var first = bytes[..Math.Min(bytes.Length, limit - _head.WrittenCount)];
        _head.Write(first);
        bytes = bytes[first.Length..];
        if (bytes.IsEmpty) return;
        if (_tail.Length == 0) _tail = new byte[limit];
        var skipped = Math.Max(0, bytes.Length - limit);
        _afterHead += skipped;
        bytes = bytes[skipped..];
        var at = (int)(_afterHead % limit);
        var fits = Math.Min(bytes.Length, limit - at);
        bytes[..fits].CopyTo(_tail.AsSpan(at));
        bytes[fits..].CopyTo(_tail);
        _afterHead += bytes.Length;
    }

    /// <inheritdoc/>
    public void End()
    {
    }

    /// <summary>What was kept, as UTF-8, with a note of what was not.</summary>
    public override string ToString()
    {
        var head = _head.WrittenSpan;
        if (_afterHead <= limit) return Encoding.UTF8.GetString([.. head, .. _tail.AsSpan(0, (int)_afterHead)]);
        var at = (int)(_afterHead % limit);
        var last = Encoding.UTF8.GetString([.. _tail.AsSpan(at), .. _tail.AsSpan(0, at)]);
        return $"{Encoding.UTF8.GetString(head)}\n[{_afterHead - limit} bytes left out]\n{last}";
    }
}
