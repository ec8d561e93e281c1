namespace Mgmt.Linux.Files;

/// <summary>Opening, reading and writing of regular files, with the interruptions and short counts that the kernel allows itself.</summary>
internal static class FileReader
{
    /// <summary>Opens for reading. It never waits for a fifo's writer, never follows a link, and leaves the time of access alone where it may.</summary>
    internal static OpenFile Open(FileName path, out int errno, bool follow = false)
    {
        var flags = FileNative.ReadOnly | FileNative.NonBlock | (follow ? 0 : FileNative.NoFollow);
        var file = OpenFile.Try(OpenFile.None, path, flags | FileNative.NoAccessTime, out errno);
        if (errno != Errno.NotPermitted) return file;
        file.Dispose();
        return OpenFile.Try(OpenFile.None, path, flags, out errno);
    }

    /// <summary>Reads as much as the kernel gives at once; 0 is the end.</summary>
    internal static int Read(OpenFile file, Span<byte> buffer, long offset, FileName path)
    {
        while (true)
        {
            var count = FileNative.PRead(file, ref buffer[0], (nuint)buffer.Length, offset);
            if (count >= 0) return (int)count;
            if (Errno.Last != Errno.Interrupted) throw FileException.Of($"read {path}", Errno.Last);
        }
    }

    /// <summary>Reads until the buffer is full or the file ends.</summary>
    internal static int Fill(OpenFile file, Span<byte> buffer, long offset, FileName path)
    {
        var filled = 0;
        while (filled < buffer.Length)
        {
            var count = Read(file, buffer[filled..], offset + filled, path);
            if (count == 0) break;
            filled += count;
        }

        return filled;
    }

    internal static void WriteAll(OpenFile file, ReadOnlySpan<byte> bytes, string path)
    {
        while (!bytes.IsEmpty)
        {
            var count = FileNative.Write(file, in bytes[0], (nuint)bytes.Length);
            if (count >= 0) bytes = bytes[(int)count..];
            else if (Errno.Last != Errno.Interrupted) throw FileException.Of($"write {path}", Errno.Last);
        }
    }
}
