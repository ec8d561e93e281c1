using System.Buffers;

namespace Mgmt.Linux.Files;

/// <summary>Reads symbolic links.</summary>
public static class LinkText
{
    private const int LongestPath = 4096;

    /// <summary>The target of the link at a path; null where no link is.</summary>
    /// <exception cref="FileException">It cannot be read.</exception>
    public static FileName? Read(FileName path) =>
        Read(OpenFile.None, path, out var errno) is { } target ? target
        : errno is Errno.Invalid or Errno.NoEntry or Errno.NotFolder ? null
        : throw FileException.Of($"read the link {path}", errno);

    internal static FileName? Read(OpenFile folder, FileName name, out int errno)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(LongestPath);
        try
        {
            var count = FileNative.ReadLinkAt(folder, in name.Start, ref buffer[0], (nuint)buffer.Length);
            errno = count < 0 ? Errno.Last : 0;
            return count < 0 ? null : new FileName(buffer.AsSpan(0, (int)count));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
