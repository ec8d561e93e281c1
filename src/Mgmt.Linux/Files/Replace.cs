namespace Mgmt.Linux.Files;

/// <summary>Moves what stands under a path's temporary name to its own name.</summary>
internal static class Replace
{
    /// <summary>Moves. False when the temporary name is gone: another writer took it.</summary>
    /// <exception cref="FileException">What is in the way cannot be replaced; it is still there.</exception>
    internal static bool TryMove(Folder folder, FilePath path, bool force)
    {
        var errno = Rename(folder, path, 0);
        if (errno == 0) return true;
        if (errno == Errno.NoEntry) return false;
        if (!force || errno is not (Errno.IsFolder or Errno.NotFolder or Errno.NotEmpty or Errno.Exists)) throw FileException.Of($"write {path}", errno);
        MountTable.RefuseIfUnder(folder, path, "replace");

        // The two change places in one step; then the old one stands under the temporary name, where a later run finds it after a kill.
        errno = Rename(folder, path, FileNative.RenameExchange);
        if (errno == Errno.NoEntry) return false;
        if (errno == 0)
        {
            TreeRemover.Remove(folder, path.Temporary);
            return true;
        }

        if (errno is not (Errno.Invalid or Errno.NotSupportedCall)) throw FileException.Of($"write {path}", errno);
        TreeRemover.Remove(folder, path.Name);
        errno = Rename(folder, path, 0);
        return errno == 0 ? true : throw FileException.Of($"write {path}", errno);
    }

    private static int Rename(Folder folder, FilePath path, uint flags) =>
        FileNative.RenameAt2(folder.Handle, in path.Temporary.Start, folder.Handle, in path.Name.Start, flags) == 0 ? 0 : Errno.Last;
}
