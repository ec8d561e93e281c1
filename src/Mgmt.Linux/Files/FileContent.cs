using System.Buffers;

namespace Mgmt.Linux.Files;

/// <summary>The bytes that a file shall have: given, or those of another file. Never all in memory unless they were given.</summary>
public abstract class FileContent
{
    private protected const int BufferSize = 64 * 1024;

    /// <summary>How many bytes.</summary>
    public abstract long Length { get; }

    /// <summary>Compares with a regular file that was seen at a path. False also when something else stands there by now.</summary>
    /// <exception cref="FileException">One of the two cannot be read.</exception>
    public bool IsAt(FileName path, FileStatus seen)
    {
        if (seen.Size != Length) return false;
        using var file = FileReader.Open(path, out var errno);
        if (errno is Errno.NoEntry or Errno.Loop or Errno.NotFolder or Errno.NoDevice) return false;
        if (errno != 0) throw FileException.Of($"read {path}", errno);
        var status = FileStatus.Of(file, path.ToString());
        return status.Identity == seen.Identity && status.Type == FileType.Regular && status.Size == Length && IsSameAs(file, path);
    }

    /// <summary>Writes all of it into an empty file. Answers how many bytes it was.</summary>
    internal abstract long CopyTo(OpenFile target, string path);

    private protected abstract bool IsSameAs(OpenFile file, FileName path);
}

/// <summary>Bytes that were given.</summary>
public sealed class LiteralContent(ReadOnlyMemory<byte> bytes) : FileContent
{
    /// <summary>No bytes.</summary>
    public static LiteralContent Empty { get; } = new(default);

    /// <inheritdoc/>
    public override long Length => bytes.Length;

    internal override long CopyTo(OpenFile target, string path)
    {
        FileReader.WriteAll(target, bytes.Span, path);
        return bytes.Length;
    }

    private protected override bool IsSameAs(OpenFile file, FileName path)
    {
        var wanted = bytes.Span;
        // One byte more than is wanted shows a file that grew since its size was asked.
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Min(BufferSize, wanted.Length + 1));
        try
        {
            for (var at = 0; ;)
            {
                var count = FileReader.Read(file, buffer, at, path);
                if (count == 0) return at == wanted.Length;
                if (count > wanted.Length - at || !wanted.Slice(at, count).SequenceEqual(buffer.AsSpan(0, count))) return false;
                at += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
