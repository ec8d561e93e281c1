namespace Mgmt.Linux.Files;

/// <content>What is not a regular file: links, directories, and nothing at all.</content>
public sealed partial class FileWriter
{
    private const int Attempts = 16;
    private const int DefaultFolderMode = 0x1ed; // 0755
    private const uint PrivateFolderMode = 0x1c0; // 0700

    /// <summary>Puts a symbolic link at a path, in one step.</summary>
    /// <exception cref="FileException">It cannot be made: what was there is still there, and nothing else.</exception>
    public ValueTask WriteLinkAsync(FilePath path, FileName target, FileRights rights, bool force) => PlaceAsync(path, force, (folder, temporary) =>
    {
        if (FileNative.SymlinkAt(in target.Start, folder.Handle, in temporary.Start) != 0) return Errno.Last;
        if (folder.Look(temporary) is { } made) (rights with { Mode = null }).Set(new FileName(folder.PathOf(temporary)), made);
        return 0;
    });

    /// <summary>Puts an empty directory at a path, in one step; it is not for a path where a directory is.</summary>
    /// <exception cref="FileException">It cannot be made: what was there is still there, and nothing else.</exception>
    public ValueTask MakeFolderAsync(FilePath path, FileRights rights, bool force) => PlaceAsync(path, force, (folder, temporary) =>
    {
        if (FileNative.MkDirAt(folder.Handle, in temporary.Start, PrivateFolderMode) != 0) return Errno.Last;
        using var made = folder.OpenChild(temporary);
        rights.SetNew(made.Handle, null, DefaultFolderMode, path.Text);
        return 0;
    });

    /// <summary>Removes what stands at a path; nothing there is fine.</summary>
    /// <param name="path">Where.</param>
    /// <param name="withContent">Whether a directory may have something in it, which is removed too.</param>
    /// <exception cref="FileException">It cannot be removed, or not all of it.</exception>
    public async ValueTask RemoveAsync(FilePath path, bool withContent)
    {
        using var folder = Folder.Open(path.Folder);
        if (folder.Look(path.Name) is not { } seen) return;
        if (seen.Type != FileType.Folder) folder.Unlink(path.Name);
        else if (withContent)
        {
            MountTable.RefuseIfUnder(folder, path, "remove");
            TreeRemover.Remove(folder, path.Name);
        }
        else
        {
            folder.RemoveFolder(path.Name);
        }

        await FlushAsync(folder);
    }

    private async ValueTask PlaceAsync(FilePath path, bool force, Func<Folder, FileName, int> make)
    {
        using var folder = Folder.Open(path.Folder);
        for (var i = 0; i < Attempts; i++)
        {
            try
            {
                var errno = make(folder, path.Temporary);
                if (errno == Errno.Exists) Leftover.Remove(folder, path.Temporary);
                else if (errno != 0) throw FileException.Of($"make {path}", errno);
                else if (Replace.TryMove(folder, path, force))
                {
                    await FlushAsync(folder);
                    return;
                }
            }
            catch (FileException)
            {
                // Nothing stays under the temporary name; what failed is what is told.
                Leftover.Remove(folder, path.Temporary);
                throw;
            }
        }

        throw FileException.Of($"make {path}", Errno.Exists);
    }
}
