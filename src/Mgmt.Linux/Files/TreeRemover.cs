namespace Mgmt.Linux.Files;

/// <summary>
/// Removes a directory with all that is in it: by open directories, so that nobody can lead it elsewhere by a link; without recursion and with
/// two open descriptors, however deep the tree is; and never into another file system.
/// </summary>
public static class TreeRemover
{
    /// <summary>How many names are held in memory at once.</summary>
    private const int Portion = 256;

    /// <summary>Removes whatever stands under a name. Nothing there is fine.</summary>
    /// <exception cref="FileException">Some of it cannot be removed, or a file system is mounted in it.</exception>
    public static void Remove(Folder folder, FileName name)
    {
        if (TryRemove(folder, name)) return;
        var way = new Stack<FileStatus>();
        var names = new Stack<FileName>();
        way.Push(folder.Status);
        names.Push(name);
        var here = Enter(folder, name);
        try
        {
            while (true)
            {
                if (RemoveEntries(here) is { } child)
                {
                    way.Push(here.Status);
                    names.Push(child);
                    Swap(ref here, Enter(here, child));
                    continue;
                }

                if (names.Count == 1) break;
                Swap(ref here, Leave(here, way.Pop()));
                TryRemove(here, names.Pop());
            }
        }
        finally
        {
            here.Dispose();
        }

        if (!TryRemove(folder, name)) throw FileException.Of($"remove {folder.PathOf(name)}", Errno.NotEmpty);
    }

    /// <summary>Removes all it can; the answer is a directory that is not empty, or null when nothing is left.</summary>
    private static FileName? RemoveEntries(Folder here)
    {
        var names = new List<FileName>(Portion);
        while (true)
        {
            names.Clear();
            FolderReader.Read(here, names, Portion);
            if (names.Count == 0) return null;
            foreach (var name in names)
            {
                if (!TryRemove(here, name)) return name;
            }
        }
    }

    /// <summary>Removes a file or an empty directory. False when it is a directory that is not empty.</summary>
    private static bool TryRemove(Folder folder, FileName name)
    {
        var errno = FileNative.UnlinkAt(folder.Handle, in name.Start, 0) == 0 ? 0 : Errno.Last;
        if (errno is 0 or Errno.NoEntry) return true;
        // Linux says EISDIR for a directory, POSIX says EPERM; an immutable file says EPERM too, and rmdir then says what it is.
        if (errno is not (Errno.IsFolder or Errno.NotPermitted)) throw FileException.Of($"remove {folder.PathOf(name)}", errno);
        if (FileNative.UnlinkAt(folder.Handle, in name.Start, FileNative.AtRemoveFolder) == 0) return true;
        return Errno.Last switch
        {
            Errno.NoEntry => true,
            Errno.NotEmpty or Errno.Exists => false,
            Errno.NotFolder => throw FileException.Of($"remove {folder.PathOf(name)}", errno),
            var other => throw FileException.Of($"remove {folder.PathOf(name)}", other),
        };
    }

    private static Folder Enter(Folder from, FileName name)
    {
        var child = from.OpenChild(name);
        if (child.Status.Identity.Device == from.Status.Identity.Device && !child.Status.IsMountRoot) return child;
        child.Dispose();
        throw new FileException($"cannot remove {from.PathOf(name)}: a file system is mounted there; unmount it first", Errno.Busy);
    }

    /// <summary>Goes up again, and makes sure that up is where it came from: somebody may have moved the directory meanwhile.</summary>
    private static Folder Leave(Folder from, FileStatus parent)
    {
        var path = from.Path[..Math.Max(1, from.Path.LastIndexOf('/'))];
        var up = Folder.TryOpen(from.Handle, new FileName(".."), path, follow: false, out var errno) ?? throw FileException.Of($"open {path}", errno);
        if (up.Status.Identity == parent.Identity) return up;
        up.Dispose();
        throw new FileException($"cannot remove {from.Path}: it was moved elsewhere meanwhile; the next check looks again");
    }

    private static void Swap(ref Folder here, Folder next)
    {
        here.Dispose();
        here = next;
    }
}
