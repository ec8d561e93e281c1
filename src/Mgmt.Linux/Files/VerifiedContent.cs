namespace Mgmt.Linux.Files;

/// <summary>
/// Remembers that a large file was compared and found right, so that the next check need not read it again: while nothing that the kernel says
/// of the two files differs, their bytes do not either.
/// </summary>
public sealed class VerifiedContent
{
    /// <summary>Shorter files are simply read.</summary>
    private const long WorthIt = 64 * 1024;

    /// <summary>
    /// The file system's clock is coarse: a file that changed this short ago (nanoseconds) could change once more and look the same.
    /// </summary>
    private const long Racy = 2_000_000_000;

    private (FileStatus Target, FileStatus Source)? _known;

    internal bool IsRemembered => _known is not null;

    /// <summary>Compares, or remembers having compared.</summary>
    /// <exception cref="FileException">One of the two cannot be read.</exception>
    public bool IsAt(FileContent content, FilePath path, FileStatus seen)
    {
        if (content.Length <= WorthIt) return content.IsAt(path.Full, seen);
        var pair = (seen, (content as SourceContent)?.Status ?? default);
        if (_known == pair) return true;
        var now = DateTime.UtcNow.Subtract(DateTime.UnixEpoch).Ticks * 100;
        var isSame = content.IsAt(path.Full, seen);
        _known = isSame && pair.seen.Changed < now - Racy && pair.Item2.Changed < now - Racy ? pair : null;
        return isSame;
    }
}
