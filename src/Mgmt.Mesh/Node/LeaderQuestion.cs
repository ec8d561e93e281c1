using System.Buffers.Binary;
using System.Text;
using Mgmt.Store;

namespace Mgmt.Mesh.Node;

/// <summary>
/// What only the leader can answer or do. On the wire, version 1: version, kind, id of the lease or member (8 bytes, big-endian).
/// </summary>
internal readonly record struct LeaderQuestion(LeaderQuestionKind Kind, ulong Id)
{
    private const byte Version = 1;

    public byte[] Encode()
    {
        var bytes = new byte[10];
        (bytes[0], bytes[1]) = (Version, (byte)Kind);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(2), Id);
        return bytes;
    }

    public static bool TryDecode(ReadOnlySpan<byte> bytes, out LeaderQuestion question)
    {
        question = default;
        if (bytes.Length != 10 || bytes[0] != Version || bytes[1] > (byte)LeaderQuestionKind.RemoveVoter) return false;
        question = new((LeaderQuestionKind)bytes[1], BinaryPrimitives.ReadUInt64BigEndian(bytes[2..]));
        return true;
    }
}

/// <summary>What is asked.</summary>
internal enum LeaderQuestionKind : byte
{
    /// <summary>Give a lease its full time again.</summary>
    KeepAlive,

    /// <summary>How long it has to live.</summary>
    TimeToLive,

    /// <summary>Bring a member up to date and have it vote.</summary>
    AddVoter,

    /// <summary>Take a member's vote.</summary>
    RemoveVoter,
}

/// <summary>
/// The leader's answers. On the wire, version 1: of a lease, version, seconds left, seconds granted (8 bytes each, big-endian); of a change of voters, version,
/// status code, text.
/// </summary>
internal static class LeaderAnswer
{
    private const byte Version = 1;
    private const int LongestText = 1024;

    public static byte[] Encode(LeaseTime answer)
    {
        var bytes = new byte[17];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(1), answer.Seconds);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(9), answer.Granted);
        return bytes;
    }

    public static byte[] Encode(StoreError? answer) => [Version, (byte)(answer?.Code ?? StatusCode.Ok), .. Encoding.UTF8.GetBytes(answer?.Message ?? "")];

    public static LeaseTime DecodeLease(ReadOnlySpan<byte> bytes) => bytes.Length == 17 && bytes[0] == Version
        ? new(BinaryPrimitives.ReadInt64BigEndian(bytes[1..]), BinaryPrimitives.ReadInt64BigEndian(bytes[9..]), null)
        : new(0, 0, StoreError.NoLeader);

    public static StoreError? DecodeChange(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length is < 2 or > LongestText || bytes[0] != Version || bytes[1] > (byte)StatusCode.DataLoss) return StoreError.NoLeader;
        return bytes[1] == (byte)StatusCode.Ok ? null : new((StatusCode)bytes[1], Encoding.UTF8.GetString(bytes[2..]));
    }
}
