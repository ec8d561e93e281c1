using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Mgmt.Linux.Files;

/// <summary>The bytes of another file on this host, read piece by piece. Links on its path are followed.</summary>
public sealed class SourceContent : FileContent, IDisposable
{
    private readonly OpenFile _file;
    private readonly FileName _path;

    private SourceContent(OpenFile file, FileName path, FileStatus status) => (_file, _path, Status) = (file, path, status);

    /// <summary>What the source was when it was opened.</summary>
    public FileStatus Status { get; }

    /// <inheritdoc/>
    public override long Length => Status.Size;

    /// <summary>Opens the source.</summary>
    /// <exception cref="FileException">It is missing, may not be read, or is no regular file.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The answer owns it.")]
    public static SourceContent Open(FilePath path)
    {
        var file = FileReader.Open(path.Full, out var errno, follow: true);
        try
        {
            if (errno != 0) throw FileException.Of($"read the source {path}", errno);
            var status = FileStatus.Of(file, path.Text);
            if (status.Type != FileType.Regular) throw new FileException($"cannot read the source {path}: it is {status.TypeWords}, not a regular file; name a file");
            return new SourceContent(file, path.Full, status);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    internal override long CopyTo(OpenFile target, string path)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var at = 0L;
            while (FileReader.Read(_file, buffer, at, _path) is > 0 and var count)
            {
                FileReader.WriteAll(target, buffer.AsSpan(0, count), path);
                at += count;
            }

            // What was copied while somebody wrote it may be half of the old and half of the new.
            var now = FileStatus.Of(_file, _path.ToString());
            if (now.Size == at && now.Modified == Status.Modified && now.Size == Status.Size) return at;
            throw new FileException($"cannot copy {_path}: it was being written meanwhile; it is tried again when that ends");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private protected override bool IsSameAs(OpenFile file, FileName path)
    {
        var (mine, theirs) = (ArrayPool<byte>.Shared.Rent(BufferSize), ArrayPool<byte>.Shared.Rent(BufferSize));
        try
        {
            for (var at = 0L; ;)
            {
                var count = FileReader.Fill(_file, mine.AsSpan(0, BufferSize), at, _path);
                var other = FileReader.Fill(file, theirs.AsSpan(0, BufferSize), at, path);
                if (!mine.AsSpan(0, count).SequenceEqual(theirs.AsSpan(0, other))) return false;
                if (count == 0) return true;
                at += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(mine);
            ArrayPool<byte>.Shared.Return(theirs);
        }
    }
}
