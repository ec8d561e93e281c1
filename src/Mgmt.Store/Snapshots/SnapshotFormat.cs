using System.Buffers.Binary;
using Mgmt.Store.Machine;
using Mgmt.Store.Wire;

namespace Mgmt.Store.Snapshots;

/// <summary>What a snapshot says of itself.</summary>
/// <param name="Version">The version of its format.</param>
/// <param name="Cluster">The cluster that it was taken in.</param>
/// <param name="Index">The log index that it stands for, exactly.</param>
/// <param name="Term">Raft's term of the entry there.</param>
/// <param name="Revision">The revision.</param>
/// <param name="CompactRevision">The revision compacted at, or -1.</param>
/// <param name="Keys">How many keys there are.</param>
/// <param name="Events">How many events of history are in it.</param>
public sealed record SnapshotHead(byte Version, ulong Cluster, long Index, long Term, long Revision, long CompactRevision, long Keys, long Events);

/// <summary>
/// The format of version 1: eight bytes of magic, the last of which is the version, then frames. A frame is the length of its body, the body, and a CRC-32C
/// over its number and the body. Bodies begin with their kind; the first is the head, the last the checksum of the whole state. All numbers of fixed
/// width are little-endian.
/// </summary>
internal static class SnapshotFormat
{
    public const byte Version = 1;
    public const byte Head = 1, Leases = 2, Alarms = 3, Base = 4, Events = 5, Members = 6, End = 7;

    /// <summary>A frame is closed when it is as long; with the longest record behind that it is still below the most that is read.</summary>
    public const int FrameBytes = 64 * 1024;
    public const int MaxFrameBytes = 4 * 1024 * 1024;

    public static ReadOnlySpan<byte> Magic => "MGMTSNP"u8;

    public static uint Checksum(long number, ReadOnlySpan<byte> body) => ~Crc32C.Append(Crc32C.Append(Crc32C.Start, number), body);

    /// <summary>The frame around a body.</summary>
    public static byte[] Frame(long number, ReadOnlySpan<byte> body)
    {
        var frame = new byte[body.Length + 8];
        BinaryPrimitives.WriteInt32LittleEndian(frame, body.Length);
        body.CopyTo(frame.AsSpan(4));
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(4 + body.Length), Checksum(number, body));
        return frame;
    }

    public static void WriteHead(WireWriter writer, StoreView view)
    {
        writer.Byte(Head);
        writer.Fixed64(view.Cluster);
        writer.Unsigned((ulong)view.Index);
        writer.Unsigned((ulong)view.Term);
        writer.Unsigned((ulong)view.Revision);
        writer.Signed(view.CompactRevision);
        writer.Unsigned((ulong)view.Log.First);
        writer.Unsigned((ulong)view.Log.Next);
        writer.Unsigned((ulong)view.Count);
    }

    public static bool TryReadHead(ReadOnlySpan<byte> body, out StateMark mark, out SnapshotHead head)
    {
        var reader = new WireReader(body);
        var kind = reader.Byte();
        mark = new(reader.Fixed64(), (long)reader.Unsigned(), (long)reader.Unsigned(), (long)reader.Unsigned(), reader.Signed(), (long)reader.Unsigned(), (long)reader.Unsigned());
        head = new(Version, mark.Cluster, mark.Index, mark.Term, mark.Revision, mark.CompactRevision, (long)reader.Unsigned(), mark.NextEvent - mark.FirstEvent);
        return reader.IsDone && kind == Head;
    }
}
