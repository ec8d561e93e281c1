namespace Mgmt.Linux.Files;

/// <summary>What kind of thing a path names.</summary>
public enum FileType
{
    /// <summary>None of the others.</summary>
    Unknown,

    /// <summary>A regular file.</summary>
    Regular,

    /// <summary>A directory.</summary>
    Folder,

    /// <summary>A symbolic link.</summary>
    Link,

    /// <summary>A named pipe.</summary>
    Fifo,

    /// <summary>A socket.</summary>
    Socket,

    /// <summary>A character device.</summary>
    CharacterDevice,

    /// <summary>A block device.</summary>
    BlockDevice,
}

/// <summary>Which inode it is. The time of birth tells a new one from an old one whose number it was given.</summary>
public readonly record struct FileIdentity(ulong Device, ulong Inode, long Born);

/// <summary>What the kernel says of one inode. Times are nanoseconds since 1970.</summary>
/// <param name="Identity">Which inode it is.</param>
/// <param name="Type">What it is.</param>
/// <param name="Mode">The twelve permission bits.</param>
/// <param name="Uid">Its owner.</param>
/// <param name="Gid">Its group.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Modified">When its content changed last.</param>
/// <param name="Changed">When anything about it changed last.</param>
/// <param name="IsMountRoot">Whether a file system is mounted here.</param>
public readonly record struct FileStatus(
    FileIdentity Identity, FileType Type, int Mode, uint Uid, uint Gid, long Size, long Modified, long Changed, bool IsMountRoot)
{
    private const uint BasicAndBirth = 0xfff;
    private const ulong MountRootAttribute = 0x2000;

    /// <summary>The type as people call it: "a directory".</summary>
    public string TypeWords => Type switch
    {
        FileType.Regular => "a regular file",
        FileType.Folder => "a directory",
        FileType.Link => "a symbolic link",
        FileType.Fifo => "a named pipe (fifo)",
        FileType.Socket => "a socket",
        FileType.CharacterDevice => "a character device",
        FileType.BlockDevice => "a block device",
        _ => "something unknown",
    };

    /// <summary>Whether it is a device, a fifo or a socket, which no file resource touches.</summary>
    public bool IsSpecial => Type is not (FileType.Regular or FileType.Folder or FileType.Link);

    /// <summary>Looks at a path. The answer is null where nothing is.</summary>
    /// <exception cref="FileException">It cannot be looked at.</exception>
    public static FileStatus? Look(FileName path, bool follow = false) => Look(OpenFile.None, path, follow);

    /// <summary>Looks at an open file.</summary>
    internal static FileStatus Of(OpenFile file, string nameForErrors)
    {
        var errno = TryLook(file, FileName.Empty, FileNative.AtEmptyPath, out var status);
        return errno == 0 ? status : throw FileException.Of($"look at {nameForErrors}", errno);
    }

    internal static FileStatus? Look(OpenFile folder, FileName name, bool follow)
    {
        var errno = TryLook(folder, name, follow ? 0 : FileNative.AtNoFollow, out var status);
        return errno switch
        {
            0 => status,
            Errno.NoEntry or Errno.NotFolder => null,
            _ => throw FileException.Of($"look at {name}", errno),
        };
    }

    internal static int TryLook(OpenFile folder, FileName name, int flags, out FileStatus status)
    {
        status = default;
        if (FileNative.Statx(folder, in name.Start, flags, BasicAndBirth, out var raw) != 0) return Errno.Last;
        status = From(raw);
        return 0;
    }

    private static FileStatus From(in StatxBuffer raw) => new(
        new FileIdentity(((ulong)raw.DeviceMajor << 32) | raw.DeviceMinor, raw.Inode, (raw.BornSeconds * 1_000_000_000) + raw.BornNanoseconds),
        TypeOf(raw.Mode),
        raw.Mode & 0xfff,
        raw.Uid,
        raw.Gid,
        (long)raw.Size,
        (raw.ModifiedSeconds * 1_000_000_000) + raw.ModifiedNanoseconds,
        (raw.ChangedSeconds * 1_000_000_000) + raw.ChangedNanoseconds,
        (raw.Attributes & MountRootAttribute) != 0);

    private static FileType TypeOf(ushort mode) => (mode & 0xf000) switch
    {
        0x8000 => FileType.Regular,
        0x4000 => FileType.Folder,
        0xa000 => FileType.Link,
        0x1000 => FileType.Fifo,
        0xc000 => FileType.Socket,
        0x2000 => FileType.CharacterDevice,
        0x6000 => FileType.BlockDevice,
        _ => FileType.Unknown,
    };
}
