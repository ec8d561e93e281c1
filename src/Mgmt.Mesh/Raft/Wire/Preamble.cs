using System.Buffers.Binary;

namespace Mgmt.Mesh.Raft.Wire;

/// <summary>What a connection is for.</summary>
internal enum Purpose
{
    /// <summary>DotNext's Raft messages.</summary>
    Raft = 1,

    /// <summary>Calls from member to member.</summary>
    Calls = 2,
}

/// <summary>What the called member answers to a preamble. The numbers are on the wire.</summary>
internal enum Greeting
{
    Welcome = 1,
    OtherVersion = 2,
    OtherCluster = 3,
    OtherMember = 4,
    OtherCaller = 5,
    Busy = 6,
}

/// <summary>
/// The first bytes of each connection, always as many: 8 magic, u16 version, u16 purpose, u32 zero, u64 cluster, u64 caller, u64 called; little endian. The answer
/// is 8 magic and u32 greeting.
/// </summary>
internal readonly record struct Preamble(int Version, Purpose Purpose, ulong Cluster, ulong Caller, ulong Called)
{
    public const int Size = 40;
    public const int AnswerSize = 12;
    public const int Current = 1;
    private static ReadOnlySpan<byte> Magic => "MGMTMESH"u8;

    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)Version);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(10), (ushort)Purpose);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), Cluster);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(24), Caller);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(32), Called);
        return bytes;
    }

    /// <returns>False when that is nobody of ours.</returns>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out Preamble preamble)
    {
        preamble = default;
        if (bytes.Length != Size || !bytes[..8].SequenceEqual(Magic)) return false;
        preamble = new Preamble(BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]), (Purpose)BinaryPrimitives.ReadUInt16LittleEndian(bytes[10..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]));
        return true;
    }

    /// <summary>What a member answers to this.</summary>
    public Greeting Judge(ulong cluster, ulong member, ulong? certified) =>
        Version != Current || !Enum.IsDefined(Purpose) ? Greeting.OtherVersion
        : Cluster != cluster ? Greeting.OtherCluster
        : Called != member ? Greeting.OtherMember
        : Caller == 0 || Caller == member || (certified is { } sure && sure != Caller) ? Greeting.OtherCaller
        : Greeting.Welcome;

    public static byte[] Answer(Greeting greeting)
    {
        var bytes = new byte[AnswerSize];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), (uint)greeting);
        return bytes;
    }

    public static Greeting ReadAnswer(ReadOnlySpan<byte> bytes) =>
        bytes[..8].SequenceEqual(Magic) ? (Greeting)BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]) : Greeting.OtherVersion;
}
