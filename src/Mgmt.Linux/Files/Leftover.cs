namespace Mgmt.Linux.Files;

/// <summary>What a killed run left under a temporary name.</summary>
public static class Leftover
{
    // Not flock, which readers of the finished file may use among themselves.
    private static readonly FileLock WholeFile = new() { Type = FileLock.Write };

    /// <summary>Removes what stands beside a path under its temporary name, unless somebody is writing it just now.</summary>
    /// <returns>Whether there was something.</returns>
    /// <exception cref="FileException">It cannot be removed.</exception>
    public static bool Remove(FilePath path)
    {
        // Mostly there is none, and one call finds that out.
        var full = new FileName(path.Folder == "/" ? $"/{path.Temporary}" : $"{path.Folder}/{path.Temporary}");
        var errno = FileStatus.TryLook(OpenFile.None, full, FileNative.AtNoFollow, out _);
        if (errno is Errno.NoEntry or Errno.NotFolder) return false;

        // People know the path, and nothing of the name beside it.
        if (errno != 0) throw FileException.Of($"look at {path}", errno);
        using var folder = Folder.Open(path.Folder);
        return Remove(folder, path.Temporary);
    }

    internal static bool Remove(Folder folder, FileName temporary)
    {
        var status = folder.Look(temporary);
        if (status is null) return false;
        if (status.Value.Type != FileType.Regular)
        {
            TreeRemover.Remove(folder, temporary);
            return true;
        }

        using var file = OpenFile.Try(folder.Handle, temporary, FileNative.ReadWrite | FileNative.NoFollow | FileNative.NonBlock, out var errno);
        if (errno == Errno.NoEntry) return false;
        if (errno != 0) throw FileException.Of($"open {folder.PathOf(temporary)}", errno);
        if (!TryHold(folder, temporary, file)) return false;
        folder.Unlink(temporary);
        return true;
    }

    /// <summary>Whether nobody else holds the file, and it still is the one under that name.</summary>
    internal static bool TryHold(Folder folder, FileName temporary, OpenFile file) =>
        FileNative.FControl(file, FileNative.SetOwnLock, in WholeFile) == 0
        && folder.Look(temporary) is { } named
        && named.Identity == FileStatus.Of(file, folder.PathOf(temporary)).Identity;
}
