using System.Buffers;
using System.Buffers.Binary;

namespace Mgmt.Linux.Files;

/// <summary>Reads directories as bytes, since names need not be UTF-8.</summary>
internal static class FolderReader
{
    private const int NameOffset = 19;
    private const int LengthOffset = 16;
    private const int TypeOffset = 18;
    private const byte FolderType = 4, UnknownType = 0;

    /// <summary>Adds all names from the start of the directory, or about as many as <paramref name="atMost"/>.</summary>
    /// <remarks>With <paramref name="onlyFolders"/>, those that are directories or may be: some file systems do not say.</remarks>
    internal static void Read(Folder folder, List<FileName> names, int atMost = int.MaxValue, bool onlyFolders = false)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(32 * 1024);
        try
        {
            if (FileNative.LSeek(folder.Handle, 0, 0) < 0) throw FileException.Of($"read the directory {folder.Path}", Errno.Last);
            while (names.Count < atMost)
            {
                var count = FileNative.GetDents64(folder.Handle, ref buffer[0], (nuint)buffer.Length);
                if (count < 0) throw FileException.Of($"read the directory {folder.Path}", Errno.Last);
                if (count == 0) return;
                Split(buffer.AsSpan(0, (int)count), names, onlyFolders);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Split(ReadOnlySpan<byte> records, List<FileName> names, bool onlyFolders)
    {
        while (records.Length > NameOffset)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(records[LengthOffset..]);
            var name = records[NameOffset..length];
            name = name[..name.IndexOf((byte)0)];
            var isWanted = !onlyFolders || records[TypeOffset] is FolderType or UnknownType;
            if (isWanted && !name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8)) names.Add(new FileName(name));
            records = records[length..];
        }
    }
}
