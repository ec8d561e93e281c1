using System.Buffers;

namespace Mgmt.Mesh.Raft.Log;

/// <summary>A buffer that grows up to a limit, for what comes from elsewhere.</summary>
internal sealed class BoundedBuffer(int limit) : IBufferWriter<byte>
{
    private byte[] _bytes = new byte[Math.Min(limit + 1, 256)];
    private int _length;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    public void Clear() => _length = 0;

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _bytes.Length - _length, nameof(count));
        _length += count;
        if (_length > limit) throw new InvalidDataException($"cannot take more than {limit} bytes here");
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    private void Grow(int room)
    {
        if (_bytes.Length - _length >= room) return;
        if (_length + (long)room > limit + (1L << 16)) throw new InvalidDataException($"cannot take more than {limit} bytes here");
        Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + room));
    }
}
