using System.Runtime.InteropServices;

namespace Mgmt.Linux.Files;

/// <summary>Makes directories.</summary>
public static class FolderMaker
{
    private const int ParentMode = 0x1ed; // 0755

    /// <summary>Makes the missing directories of a path, from the top, as mkdir -p does, and brings each to the disk.</summary>
    /// <returns>How many were made.</returns>
    /// <exception cref="FileException">One cannot be made.</exception>
    public static int MakeMissing(string folder)
    {
        if (FileStatus.Look(new FileName(folder), follow: true) is { Type: FileType.Folder }) return 0;
        var made = 0;
        var parts = folder.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var here = Folder.Open("/");
        try
        {
            foreach (var part in parts)
            {
                var name = new FileName(part);
                if (TryMake(here, name)) made++;
                var path = here.PathOf(name);
                var next = Folder.TryOpen(here.Handle, name, path, follow: true, out var errno) ?? throw FileException.Of($"make the directory {folder}", errno);
                here.Dispose();
                here = next;
            }
        }
        finally
        {
            here.Dispose();
        }

        return made;
    }

    /// <summary>How many directories <see cref="MakeMissing"/> would make.</summary>
    public static int CountMissing(string folder)
    {
        var missing = 0;
        for (var path = folder; path.Length > 1 && FileStatus.Look(new FileName(path), follow: true) is null; path = path[..Math.Max(1, path.LastIndexOf('/'))]) missing++;
        return missing;
    }

    private static bool TryMake(Folder parent, FileName name)
    {
        if (FileNative.MkDirAt(parent.Handle, in name.Start, ParentMode) != 0)
        {
            return Errno.Last is Errno.Exists ? false : throw FileException.Of($"make the directory {parent.PathOf(name)}", Errno.Last);
        }

        // The process's umask does not count, but a set-group-id bit that the parent hands on does.
        if (parent.Look(name) is { } made && (made.Mode & 0x1ff) != ParentMode)
            new FileRights((made.Mode & 0xe00) | ParentMode, null, null).Set(new FileName(parent.PathOf(name)), made);
        return FileNative.FSync(parent.Handle) == 0 || Marshal.GetLastPInvokeError() == Errno.Invalid
            ? true
            : throw FileException.Of($"flush {parent.Path} to the disk", Errno.Last);
    }
}
