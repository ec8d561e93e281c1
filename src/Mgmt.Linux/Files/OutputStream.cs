using Mgmt.Linux.Inotify;

namespace Mgmt.Linux.Files;

/// <summary>Nobody reads the other end any more.</summary>
public sealed class ReaderGoneException() : IOException("nobody reads the output any more");

/// <summary>
/// Standard output by write(2). The console's own stream says nothing when its reader is gone, and a file stream does not move the place that
/// other processes share.
/// </summary>
public sealed class OutputStream : Stream
{
    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    /// <exception cref="ReaderGoneException">The other end of the pipe is closed.</exception>
    /// <exception cref="FileException">It cannot be written. A standard output that was closed before the start takes everything.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var count = FileNative.Write(OpenFile.StandardOutput, in buffer[0], (nuint)buffer.Length);
            if (count >= 0) buffer = buffer[(int)count..];
            else if (Errno.Last == Errno.NotOpen) return;
            else if (Errno.Last == Errno.BrokenPipe) throw new ReaderGoneException();
            else if (Errno.Last == Errno.Again) AwaitRoom();
            else if (Errno.Last != Errno.Interrupted) throw FileException.Of("write the output", Errno.Last);
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    // Somebody made it non-blocking: it may be shared. Whatever is wrong with it, the next write says.
    private static void AwaitRoom()
    {
        var entry = new PollEntry { Descriptor = OpenFile.StandardOutput.Descriptor, Wanted = InotifyNative.PollOut };
        InotifyNative.Poll(ref entry, 1, -1);
    }
}
