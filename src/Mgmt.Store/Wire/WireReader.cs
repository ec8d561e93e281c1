using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Mgmt.Store.Wire;

/// <summary>Reads what <see cref="WireWriter"/> wrote. After the first mistake it reads zeros and says so at the end, so that nobody need ask at each step.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> rest)
{
    private ReadOnlySpan<byte> _rest = rest;

    public bool HasFailed { get; private set; }

    /// <summary>Whether everything was read, and nothing was wrong.</summary>
    public readonly bool IsDone => !HasFailed && _rest.IsEmpty;

    public readonly int Left => _rest.Length;

    public byte Byte()
    {
        var bytes = Take(1);
        return bytes.IsEmpty ? (byte)0 : bytes[0];
    }

    public bool Bool()
    {
        var value = Byte();
        if (value > 1) Fail();
        return value == 1;
    }

    /// <summary>A number from 0 to the limit.</summary>
    public int Choice(int limit)
    {
        var value = Unsigned();
        if (value <= (ulong)limit) return (int)value;
        Fail();
        return 0;
    }

    public ulong Unsigned()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var one = Byte();
            if (shift == 63 && one > 1) break;
            value |= (ulong)(one & 0x7f) << shift;

            // One number, one encoding: no zeros at the end.
            if (one < 0x80 && (one > 0 || shift == 0)) return value;
            if (one < 0x80) break;
        }

        Fail();
        return 0;
    }

    public long Signed()
    {
        var value = Unsigned();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>A copy of the bytes.</summary>
    public Bytes Bytes() => Mgmt.Store.Bytes.Copy(Take(Unsigned()));

    /// <summary>Text; what is no UTF-8 is a mistake.</summary>
    public string Text()
    {
        var bytes = Take(Unsigned());
        if (Utf8.IsValid(bytes)) return Encoding.UTF8.GetString(bytes);
        Fail();
        return "";
    }

    public uint Fixed32()
    {
        var bytes = Take(4);
        return bytes.IsEmpty ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    public ulong Fixed64()
    {
        var bytes = Take(8);
        return bytes.IsEmpty ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    public ReadOnlySpan<byte> Take(ulong length)
    {
        if (HasFailed || length > (ulong)_rest.Length)
        {
            Fail();
            return default;
        }

        var taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }

    public void Fail()
    {
        HasFailed = true;
        _rest = default;
    }

    /// <summary>Takes the checksum off the end and compares it.</summary>
    public static bool TryOpen(ReadOnlySpan<byte> sealedBytes, out WireReader reader)
    {
        reader = default;
        if (sealedBytes.Length < 4) return false;
        var body = sealedBytes[..^4];
        reader = new(body);
        return BinaryPrimitives.ReadUInt32LittleEndian(sealedBytes[^4..]) == Crc32C.Of(body);
    }
}
