using System.Buffers.Binary;
using System.Numerics;

namespace Mgmt.Store.Wire;

/// <summary>CRC-32C over bytes and numbers, by the processor's instruction where it has one.</summary>
internal static class Crc32C
{
    public const uint Start = 0xffff_ffff;

    public static uint Of(ReadOnlySpan<byte> bytes) => ~Append(Start, bytes);

    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= 8; bytes = bytes[8..]) crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var one in bytes) crc = BitOperations.Crc32C(crc, one);
        return crc;
    }

    /// <summary>The length goes in as well, so that two fields cannot trade bytes.</summary>
    public static uint Append(uint crc, Bytes bytes) => Append(BitOperations.Crc32C(crc, (ulong)bytes.Length), bytes.Span);

    public static uint Append(uint crc, long number) => BitOperations.Crc32C(crc, (ulong)number);

    /// <summary>Spreads a checksum over 64 bits, so that sums of many do not depend on their order and hardly meet.</summary>
    public static ulong Spread(uint crc, ulong salt)
    {
        var mixed = (crc + (salt * 0x9e37_79b9_7f4a_7c15)) ^ ((ulong)crc << 32);
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58_476d_1ce4_e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d0_49bb_1331_11eb;
        return mixed ^ (mixed >> 31);
    }
}
