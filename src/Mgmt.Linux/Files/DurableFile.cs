namespace Mgmt.Linux.Files;

/// <summary>Small files that are either as they were or as they should be, whenever the power fails.</summary>
public static class DurableFile
{
    /// <summary>Writes a file, readable by its owner alone, and has it on the disk before it returns.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var temporary = path + ".new";
        File.Delete(temporary);
        using (var file = new FileStream(temporary, new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite, BufferSize = 0,
        }))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        FlushFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Has what was made, renamed or removed in a directory on the disk before it returns.</summary>
    /// <exception cref="FileException">It cannot be flushed.</exception>
    public static void FlushFolder(string path)
    {
        using var folder = Folder.Open(path);
        if (FileNative.FSync(folder.Handle) != 0 && Errno.Last != Errno.Invalid) throw FileException.Of($"flush {path} to the disk", Errno.Last);
    }
}
