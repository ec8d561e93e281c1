namespace Mgmt.Linux.Files;

/// <summary>Mode, owner and group that a file shall have; null leaves one as it is.</summary>
/// <param name="Mode">The twelve permission bits.</param>
/// <param name="Uid">The owner's number.</param>
/// <param name="Gid">The group's number.</param>
public readonly record struct FileRights(int? Mode, uint? Uid, uint? Gid)
{
    private const uint Unchanged = uint.MaxValue;

    /// <summary>Sets them on what stands at a path, without following a link there. Nothing else than <paramref name="seen"/> is touched.</summary>
    /// <exception cref="FileException">They cannot be set.</exception>
    public void Set(FileName path, FileStatus seen)
    {
        using var file = OpenFile.Try(OpenFile.None, path, FileNative.PathOnly | FileNative.NoFollow, out var errno);
        if (errno != 0) throw FileException.Of($"open {path}", errno);
        if (FileStatus.Of(file, path.ToString()).Identity != seen.Identity)
            throw new FileException($"cannot set the rights of {path}: it was replaced at the same time; the next check looks at it again");
        var chowned = false;
        if ((Uid is { } uid && uid != seen.Uid) || (Gid is { } gid && gid != seen.Gid))
        {
            if (FileNative.FChownAt(file, in FileName.Empty.Start, Uid ?? Unchanged, Gid ?? Unchanged, FileNative.AtEmptyPath) != 0)
                throw FileException.Of($"set the owner of {path}", Errno.Last);
            chowned = true;
        }

        // A change of owner clears the set-uid bits, so the mode comes after it even where it was right before.
        if (seen.Type == FileType.Link || (!chowned && (Mode ?? seen.Mode) == seen.Mode)) return;
        if (FileNative.Chmod(in file.ProcPath().Start, (uint)(Mode ?? seen.Mode)) != 0) throw FileException.Of($"set the mode of {path}", Errno.Last);
    }

    /// <summary>Sets them on an open file that nobody else sees yet, where <paramref name="kept"/> stands for what is not wanted.</summary>
    internal void SetNew(OpenFile file, FileStatus? kept, int defaultMode, string path)
    {
        var uid = Uid ?? kept?.Uid ?? Unchanged;
        var gid = Gid ?? kept?.Gid ?? Unchanged;
        if (uid != Unchanged || gid != Unchanged)
        {
            // Keeping somebody else's ownership takes root; for anybody else the new file is simply his.
            var isOptional = Uid is null && Gid is null;
            if (FileNative.FChown(file, uid, gid) != 0 && !(isOptional && Errno.Last == Errno.NotPermitted))
                throw FileException.Of($"set the owner of {path}", Errno.Last);
        }

        if (FileNative.FChmod(file, (uint)(Mode ?? kept?.Mode ?? defaultMode)) != 0) throw FileException.Of($"set the mode of {path}", Errno.Last);
    }
}
