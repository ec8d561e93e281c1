using System.Buffers.Binary;

namespace Mgmt.Mesh.Raft.Log;

/// <summary>Which snapshot was last about to take the place of the state, on the disk before it does.</summary>
internal sealed class InstallMark : IDisposable
{
    private readonly SlotFile _file;

    private InstallMark(SlotFile file) => _file = file;

    /// <summary>Opens the mark of the log in a folder.</summary>
    public static InstallMark Open(string folder) => new(SlotFile.Open(Path.Combine(folder, "installing"), 512));

    public bool Is(long index, long term) => _file.Content.AsSpan().SequenceEqual(Bytes(index, term));

    public void Set(long index, long term) => _file.Write(Bytes(index, term));

    public void Dispose() => _file.Dispose();

    private static byte[] Bytes(long index, long term)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, index);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), term);
        return bytes;
    }
}
