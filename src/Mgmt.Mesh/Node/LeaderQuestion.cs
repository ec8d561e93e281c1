using System.Buffers.Binary;
using Mgmt.Store;

namespace Mgmt.Mesh.Node;

/// <summary>
/// What only the leader's clock can answer. On the wire, version 1: version, kind, lease id (8 bytes, big-endian); the answer: version, seconds left, seconds
/// granted (8 bytes each, big-endian).
/// </summary>
internal readonly record struct LeaderQuestion(LeaderQuestionKind Kind, long Lease)
{
    private const byte Version = 1;

    public byte[] Encode()
    {
        var bytes = new byte[10];
        (bytes[0], bytes[1]) = (Version, (byte)Kind);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(2), Lease);
        return bytes;
    }

    public static bool TryDecode(ReadOnlySpan<byte> bytes, out LeaderQuestion question)
    {
        question = default;
        if (bytes.Length != 10 || bytes[0] != Version || bytes[1] > (byte)LeaderQuestionKind.TimeToLive) return false;
        question = new((LeaderQuestionKind)bytes[1], BinaryPrimitives.ReadInt64BigEndian(bytes[2..]));
        return true;
    }

    public static byte[] EncodeAnswer(LeaseTime answer)
    {
        var bytes = new byte[17];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(1), answer.Seconds);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(9), answer.Granted);
        return bytes;
    }

    public static LeaseTime DecodeAnswer(ReadOnlySpan<byte> bytes) => bytes.Length == 17 && bytes[0] == Version
        ? new(BinaryPrimitives.ReadInt64BigEndian(bytes[1..]), BinaryPrimitives.ReadInt64BigEndian(bytes[9..]), null)
        : new(0, 0, StoreError.NoLeader);
}

/// <summary>What is asked.</summary>
internal enum LeaderQuestionKind : byte
{
    /// <summary>Give a lease its full time again.</summary>
    KeepAlive,

    /// <summary>How long it has to live.</summary>
    TimeToLive,
}
