using System.Buffers.Binary;
using System.IO.Hashing;
using Mgmt.Linux.Files;

namespace Mgmt.Mesh.Place;

/// <summary>
/// Remembers up to which index the log may have been dropped, beside the home and the log: when the home is lost, it tells whether the log alone can make
/// it again. Layout of version 1: version, index (8 bytes, big-endian), CRC-32 of both.
/// </summary>
public sealed class LogFloor(string path)
{
    private const byte Version = 1;

    /// <summary>The index; 0 when nothing was dropped yet.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public long Read()
    {
        if (!File.Exists(path)) return 0;
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length != 13 || bytes[0] != Version || Crc32.HashToUInt32(bytes.AsSpan(0, 9)) != BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(9)))
            throw new InvalidDataException($"cannot read {path}: it is damaged");
        return BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(1));
    }

    /// <summary>Moves it, before the log may be dropped up to there.</summary>
    public void MoveTo(long index)
    {
        Span<byte> bytes = stackalloc byte[13];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], index);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[9..], Crc32.HashToUInt32(bytes[..9]));
        DurableFile.Write(path, bytes);
    }
}
