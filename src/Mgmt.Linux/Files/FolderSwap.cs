namespace Mgmt.Linux.Files;

/// <summary>Puts one directory in the place of another.</summary>
public static class FolderSwap
{
    /// <summary>
    /// Has two directories of one directory change names, and that on the disk before it returns: in one step, so that both names stand at any moment. A file
    /// system that knows no such step does it in three.
    /// </summary>
    /// <exception cref="FileException">They cannot change names.</exception>
    public static void Swap(string one, string other)
    {
        var (first, second) = (new FilePath(one), new FilePath(other));
        using (var folder = Folder.Open(first.Folder))
        {
            if (FileNative.RenameAt2(folder.Handle, in first.Full.Start, folder.Handle, in second.Full.Start, FileNative.RenameExchange) != 0)
            {
                var errno = Errno.Last;
                if (errno is not (Errno.Invalid or Errno.NotSupportedCall)) throw FileException.Of($"swap {one} and {other}", errno);
                SwapInSteps(one, other);
            }
        }

        DurableFile.FlushFolder(first.Folder);
    }

    private static void SwapInSteps(string one, string other)
    {
        var aside = one + ".aside";
        Directory.Move(one, aside);
        Directory.Move(other, one);
        Directory.Move(aside, other);
    }
}
