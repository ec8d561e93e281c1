using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Mgmt.Mesh.Raft.Log;

/// <summary>
/// One file of the log. It has its full length from the beginning and is full of zeros, so that a record never needs room that the disk has not got, and so that
/// what a power cut tore can be told from what rotted: torn is what lacks whole sectors.
/// </summary>
internal sealed class Segment : IDisposable
{
    public const int HeadSize = 64;
    private const uint Version = 1;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static ReadOnlySpan<byte> Magic => "MGMTRLOG"u8;
    private readonly SafeFileHandle _file;

    private Segment(string path, long sequence, SafeFileHandle file, int size) => (Path, Sequence, _file, Size) = (path, sequence, file, size);

    public string Path { get; }

    /// <summary>Its place among the files.</summary>
    public long Sequence { get; }

    /// <summary>The file's length.</summary>
    public int Size { get; }

    /// <summary>The greatest index whose record was last written here; kept by the log.</summary>
    public long LastIndex { get; set; }

    public static string NameOf(long sequence) => sequence.ToString("x16", CultureInfo.InvariantCulture) + ".log";

    /// <summary>Takes the whole room of a file from the disk; it is no part of the log yet.</summary>
    /// <param name="folder">The log's folder.</param>
    /// <param name="size">The file's length.</param>
    /// <param name="flush">Whether to have it on the disk now; naming it flushes as well.</param>
    /// <exception cref="IOException">There is no room.</exception>
    public static NamelessSegment Prepare(string folder, int size, bool flush)
    {
        var path = System.IO.Path.Combine(folder, Guid.NewGuid().ToString("n") + ".new");
        var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            File.SetUnixFileMode(file, OwnerOnly);
            var zeros = new byte[1 << 16];
            for (var at = 0; at < size; at += zeros.Length) RandomAccess.Write(file, zeros.AsSpan(0, Math.Min(zeros.Length, size - at)), at);
            if (flush) RandomAccess.FlushToDisk(file);
            return new NamelessSegment(path, file, size);
        }
        catch
        {
            new NamelessSegment(path, file, size).Delete();
            throw;
        }
    }

    /// <summary>Gives a prepared file its name.</summary>
    public static Segment Name(NamelessSegment fresh, string folder, long sequence, LogIdentity identity)
    {
        var path = System.IO.Path.Combine(folder, NameOf(sequence));
        RandomAccess.Write(fresh.File, Head(sequence, identity), 0);
        RandomAccess.FlushToDisk(fresh.File);
        File.Move(fresh.Path, path);

        // The second flush is for the name.
        RandomAccess.FlushToDisk(fresh.File);
        return new Segment(path, sequence, fresh.File, fresh.Size);
    }

    /// <exception cref="LogException">It is not a file of this log.</exception>
    public static Segment Open(string path, long sequence, LogIdentity identity)
    {
        var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            File.SetUnixFileMode(file, OwnerOnly);
            var size = checked((int)RandomAccess.GetLength(file));
            var head = new byte[HeadSize];
            if (RandomAccess.Read(file, head, 0) < HeadSize || !head.AsSpan().SequenceEqual(Head(sequence, identity))) throw Foreign(path, head, identity);
            return new Segment(path, sequence, file, size);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(_file, bytes, offset);

    public void Flush() => RandomAccess.FlushToDisk(_file);

    public byte[] ReadAll()
    {
        var bytes = new byte[Size];
        for (var at = 0; at < bytes.Length;)
        {
            var read = RandomAccess.Read(_file, bytes.AsSpan(at), at);
            if (read == 0) throw new LogException($"cannot read {Path}: it ends at byte {at} of {Size}");
            at += read;
        }

        return bytes;
    }

    /// <summary>Reads a record again.</summary>
    /// <exception cref="LogException">It is not what was written.</exception>
    public byte[] ReadPayload(long offset, long index, int length)
    {
        var bytes = new byte[RecordCodec.SizeOf(length)];
        RandomAccess.Read(_file, bytes, offset);
        if (!RecordCodec.TryRead(bytes, out var head) || head.Index != index || head.Length != length)
            throw new LogException($"cannot read entry {index} at byte {offset} of {Path}: its checksum is wrong; the disk may be failing. Remove this member and add it anew");
        return bytes.AsSpan(RecordCodec.HeadSize, length).ToArray();
    }

    public void Delete()
    {
        File.Delete(Path);
        Dispose();
    }

    public void Dispose() => _file.Dispose();

    private static byte[] Head(long sequence, LogIdentity identity)
    {
        var head = new byte[HeadSize];
        Magic.CopyTo(head);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(8), Version);
        BinaryPrimitives.WriteUInt64LittleEndian(head.AsSpan(16), identity.Cluster);
        BinaryPrimitives.WriteUInt64LittleEndian(head.AsSpan(24), identity.Member);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(32), sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(12), Crc32C.Of(Crc32C.Start, head));
        return head;
    }

    private static LogException Foreign(string path, byte[] head, LogIdentity identity)
    {
        var why = !head.AsSpan(0, 8).SequenceEqual(Magic) ? "it is no file of a log"
            : BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(8)) is var version && version != Version ? $"its format is {version}, this program writes {Version}"
            : BinaryPrimitives.ReadUInt64LittleEndian(head.AsSpan(16)) is var cluster && cluster != identity.Cluster ? $"it is of cluster {cluster:x}, not {identity.Cluster:x}"
            : BinaryPrimitives.ReadUInt64LittleEndian(head.AsSpan(24)) is var member && member != identity.Member ? $"it is of member {member:x}, not {identity.Member:x}"
            : "its head is damaged";
        return new LogException($"cannot open {path}: {why}");
    }
}

/// <summary>A file with room, before it has its place in the log.</summary>
internal sealed record NamelessSegment(string Path, SafeFileHandle File, int Size)
{
    /// <summary>Best effort: what is left is deleted when the log is opened.</summary>
    public void Delete()
    {
        File.Dispose();
        try
        {
            System.IO.File.Delete(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The folder itself may be gone.
        }
    }
}

/// <summary>Whose log it is; it stands in each file.</summary>
internal readonly record struct LogIdentity(ulong Cluster, ulong Member);
