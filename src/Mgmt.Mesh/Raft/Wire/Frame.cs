using System.Buffers.Binary;

namespace Mgmt.Mesh.Raft.Wire;

/// <summary>What a member asks of another. The numbers are on the wire.</summary>
internal enum CallKind
{
    /// <summary>An answer to the call with the same number.</summary>
    Answer = 0,

    /// <summary>To bring an entry into the leader's log.</summary>
    Propose = 1,

    /// <summary>For an index to read at.</summary>
    ReadIndex = 2,

    /// <summary>A question to the leader's replica.</summary>
    Ask = 3,

    /// <summary>An entry, by index and term, is committed. The answer is the called member's last index.</summary>
    Committed = 4,

    /// <summary>Not to want to lead for a while, so that another does.</summary>
    StandBack = 5,

    /// <summary>Whether the called member knows of no later term than the caller's.</summary>
    Confirm = 6,
}

/// <summary>A call or an answer: u32 length of the rest, u64 number, u8 kind, the payload; little endian.</summary>
internal readonly record struct Frame(ulong Number, CallKind Kind, ReadOnlyMemory<byte> Payload)
{
    public const int HeadSize = 13;

    /// <summary>What a payload may be long: an entry, and a little that is said about it.</summary>
    public const int MaxPayload = (4 << 20) + 64;

    public static void WriteHead(Span<byte> target, ulong number, CallKind kind, int payload)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target, HeadSize - 4 + payload);
        BinaryPrimitives.WriteUInt64LittleEndian(target[4..], number);
        target[12] = (byte)kind;
    }

    /// <returns>The payload's length.</returns>
    /// <exception cref="InvalidDataException">That is no frame.</exception>
    public static (int Length, ulong Number, CallKind Kind) ReadHead(ReadOnlySpan<byte> head)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(head) - (HeadSize - 4);
        var kind = (CallKind)head[12];
        if (length is < 0 or > MaxPayload || !Enum.IsDefined(kind)) throw new InvalidDataException($"a frame of kind {head[12]} with {length} bytes; at most {MaxPayload} are allowed");
        return (length, BinaryPrimitives.ReadUInt64LittleEndian(head[4..]), kind);
    }
}
