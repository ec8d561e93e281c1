using System.Buffers.Binary;
using System.Numerics;

namespace Mgmt.Mesh.Raft.Log;

/// <summary>What stands before the payload of a record.</summary>
/// <param name="Length">The payload's bytes.</param>
/// <param name="Index">The entry's index.</param>
/// <param name="Term">The entry's term.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Flushed">Up to where its file was on the disk when it was written: what is not sound before that is damage for sure.</param>
internal readonly record struct RecordHead(int Length, long Index, long Term, EntryKind Kind, int Flushed)
{
    /// <summary>The bytes of the record with its payload and what fills it up to the next record.</summary>
    public int Size => RecordCodec.SizeOf(Length);
}

/// <summary>
/// A record: u32 length of the payload, u32 checksum of all that follows and of the length, u64 index, u64 term, u32 kind, u32 offset up to which the file was flushed then, the payload, zeros up to a
/// multiple of 8. All little endian.
/// </summary>
internal static class RecordCodec
{
    public const int HeadSize = 32;

    /// <summary>The longest payload. etcd's requests end at 1.5 MiB.</summary>
    public const int MaxPayload = 4 << 20;

    public static int SizeOf(int payload) => (HeadSize + payload + 7) & ~7;

    public static void Write(Span<byte> target, in RecordHead head, ReadOnlySpan<byte> payload)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target, payload.Length);
        BinaryPrimitives.WriteInt64LittleEndian(target[8..], head.Index);
        BinaryPrimitives.WriteInt64LittleEndian(target[16..], head.Term);
        BinaryPrimitives.WriteInt32LittleEndian(target[24..], (int)head.Kind);
        BinaryPrimitives.WriteInt32LittleEndian(target[28..], head.Flushed);
        payload.CopyTo(target[HeadSize..]);
        target[(HeadSize + payload.Length)..].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(target[4..], Checksum(target[..(HeadSize + payload.Length)]));
    }

    /// <summary>Reads a whole record.</summary>
    /// <returns>False when there is none, or not a sound one.</returns>
    public static bool TryRead(ReadOnlySpan<byte> source, out RecordHead head)
    {
        head = default;
        if (source.Length < HeadSize) return false;
        var length = BinaryPrimitives.ReadInt32LittleEndian(source);
        if (length is < 0 or > MaxPayload || SizeOf(length) > source.Length) return false;
        head = new RecordHead(length, BinaryPrimitives.ReadInt64LittleEndian(source[8..]), BinaryPrimitives.ReadInt64LittleEndian(source[16..]),
            (EntryKind)BinaryPrimitives.ReadInt32LittleEndian(source[24..]), BinaryPrimitives.ReadInt32LittleEndian(source[28..]));
        return head.Index >= 0 && head.Term >= 0 && Enum.IsDefined(head.Kind)
            && BinaryPrimitives.ReadUInt32LittleEndian(source[4..]) == Checksum(source[..(HeadSize + length)]);
    }

    /// <summary>The length that a record says it has, sound or not.</summary>
    public static bool TryLength(ReadOnlySpan<byte> source, out int length)
    {
        length = source.Length < HeadSize ? -1 : BinaryPrimitives.ReadInt32LittleEndian(source);
        return length is >= 0 and <= MaxPayload;
    }

    /// <summary>CRC-32C of a record without its checksum.</summary>
    private static uint Checksum(ReadOnlySpan<byte> record) => Crc32C.Of(Crc32C.Of(Crc32C.Start, record[..4]), record[8..]) ^ Crc32C.Start;
}

/// <summary>CRC-32C by the processor's own instruction.</summary>
internal static class Crc32C
{
    public const uint Start = ~0u;

    public static uint Of(uint crc, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        foreach (var one in bytes) crc = BitOperations.Crc32C(crc, one);
        return crc;
    }
}
