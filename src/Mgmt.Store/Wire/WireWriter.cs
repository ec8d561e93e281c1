using System.Buffers;
using System.Buffers.Binary;

namespace Mgmt.Store.Wire;

/// <summary>Writes the store's formats: varints, zigzag for signed numbers, bytes behind their length, all checksums over what was written.</summary>
internal sealed class WireWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(256);

    public int Length => _buffer.WrittenCount;

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    public void Clear() => _buffer.ResetWrittenCount();

    public void Byte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }

    public void Bool(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Unsigned(ulong value)
    {
        var span = _buffer.GetSpan(10);
        var count = 0;
        for (; value >= 0x80; value >>= 7) span[count++] = (byte)(value | 0x80);
        span[count++] = (byte)value;
        _buffer.Advance(count);
    }

    public void Signed(long value) => Unsigned((ulong)((value << 1) ^ (value >> 63)));

    public void Bytes(Bytes value)
    {
        Unsigned((ulong)value.Length);
        _buffer.Write(value.Span);
    }

    public void Text(string value) => Bytes(Mgmt.Store.Bytes.Of(value));

    public void Raw(ReadOnlySpan<byte> value) => _buffer.Write(value);

    public void Fixed32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
    }

    public void Fixed64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_buffer.GetSpan(8), value);
        _buffer.Advance(8);
    }

    /// <summary>Ends with the checksum of all before it.</summary>
    public byte[] Seal()
    {
        Fixed32(Crc32C.Of(Written));
        return Written.ToArray();
    }
}
