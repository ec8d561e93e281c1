using System.Buffers.Binary;

namespace Mgmt.Store.Home;

/// <summary>
/// The two files of a LiteDB database, looked at before LiteDB does: it takes garbage for an empty database, and cuts off what it does not understand.
/// </summary>
internal static class HomeFile
{
    private const int PageSize = 8192, MagicAt = 32, LastPageAt = 64, InvalidAt = 191;
    private const byte FileVersion = 8;

    private static ReadOnlySpan<byte> Magic => "** This is a LiteDB file **"u8;

    /// <summary>The log beside a database, by LiteDB's rule.</summary>
    public static string LogOf(string path) => Path.Combine(Path.GetDirectoryName(path)!, Path.GetFileNameWithoutExtension(path) + "-log" + Path.GetExtension(path));

    public static bool IsMissing(string path) => !File.Exists(path) || (Length(path) == 0 && Length(LogOf(path)) == 0);

    /// <summary>What is wrong with the files, or nothing.</summary>
    public static string Problem(string path)
    {
        var length = Length(path);
        Span<byte> head = stackalloc byte[PageSize];
        using (var file = File.OpenRead(path))
        {
            if (file.ReadAtLeast(head, PageSize, throwOnEndOfStream: false) < PageSize) return $"the file has {length} bytes, less than one page: it was cut off or is no store";
        }

        if (!head[MagicAt..].StartsWith(Magic)) return "the file does not begin as a store: something else is there";
        if (head[MagicAt + Magic.Length] != FileVersion) return $"the database is of version {head[MagicAt + Magic.Length]}, not {FileVersion}";
        if (head[InvalidAt] != 0) return "the database is marked as broken";

        // With a log beside it the file may be in the middle of taking the log in, and reading shows whether all is there.
        var pages = BinaryPrimitives.ReadUInt32LittleEndian(head[LastPageAt..]) + 1L;
        return length < pages * PageSize && Length(LogOf(path)) == 0 ? $"the file has {length} bytes and should have {pages * PageSize}: it was cut off" : "";
    }

    public static void Delete(string path)
    {
        File.Delete(path);
        File.Delete(LogOf(path));
    }

    /// <summary>Has both files be for their owner alone. LiteDB makes what is not there for everybody to read; it takes empty files for what they are.</summary>
    public static void KeepPrivate(string path)
    {
        foreach (var one in new[] { path, LogOf(path) })
        {
            using var file = File.OpenHandle(one, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private static long Length(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;
}
