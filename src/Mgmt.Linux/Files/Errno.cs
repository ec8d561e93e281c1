using System.Runtime.InteropServices;

namespace Mgmt.Linux.Files;

/// <summary>The kernel's error numbers that matter to files, their words, and what a person can do about each.</summary>
internal static class Errno
{
    internal const int NotPermitted = 1, NoEntry = 2, Interrupted = 4, InputOutput = 5, NoDevice = 6, NotOpen = 9, Again = 11, AccessDenied = 13, Busy = 16;
    internal const int Exists = 17, CrossDevice = 18, NotFolder = 20, IsFolder = 21, Invalid = 22, TooManyFilesSystem = 23, TooManyFiles = 24;
    internal const int TextBusy = 26, NoSpace = 28, ReadOnlySystem = 30, Range = 34, NameTooLong = 36, NotSupportedCall = 38, NotEmpty = 39, Loop = 40, BrokenPipe = 32;
    internal const int Stale = 116, NotSupported = 95, Quota = 122;

    internal static int Last => Marshal.GetLastPInvokeError();

    /// <summary>The words and, after a semicolon, the advice: "no space left on device (ENOSPC); free some space on its file system".</summary>
    internal static string Describe(int errno)
    {
        var (name, advice) = Find(errno);
        var text = Marshal.GetPInvokeErrorMessage(errno);
        text = text.Length == 0 ? "unknown error" : char.ToLowerInvariant(text[0]) + text[1..];
        return advice.Length == 0 ? $"{text} ({name})" : $"{text} ({name}); {advice}";
    }

    private static (string Name, string Advice) Find(int errno) => errno switch
    {
        NotPermitted => ("EPERM", "run the agent as root, or clear the immutable or append-only attribute of the file and of its directory (lsattr, chattr -i -a)"),
        NoEntry => ("ENOENT", "make its directory first, or correct the path"),
        NoDevice => ("ENXIO", "it is a socket, or a device that is not there: name a regular file"),
        InputOutput => ("EIO", "look at the disk: the kernel log (dmesg) says more"),
        AccessDenied => ("EACCES", "give the agent's user access to it and to every directory above it, or run the agent as root"),
        Busy => ("EBUSY", "it is a mount point or in use: unmount it first"),
        Exists => ("EEXIST", "something else made it at the same time: it is tried again with the next check"),
        NotFolder => ("ENOTDIR", "a part of the path is not a directory: move it out of the way, or correct the path"),
        IsFolder => ("EISDIR", "a directory is in the way: remove it, or set force: true"),
        Invalid => ("EINVAL", "the file system does not allow such a name or value"),
        TooManyFilesSystem => ("ENFILE", "raise the sysctl fs.file-max"),
        TooManyFiles => ("EMFILE", "raise the agent's limit of open files (ulimit -n, LimitNOFILE=)"),
        TextBusy => ("ETXTBSY", "the program is running: stop it first"),
        NoSpace => ("ENOSPC", "free some space or inodes on its file system (df, df -i)"),
        ReadOnlySystem => ("EROFS", "remount its file system read-write, or choose another path"),
        NameTooLong => ("ENAMETOOLONG", "shorten the name: 255 bytes a component and 4095 a path are the limits"),
        NotEmpty => ("ENOTEMPTY", "the directory is not empty: set recurse: true or force: true to remove what is in it"),
        Loop => ("ELOOP", "symbolic links on the way lead in a circle, or a link stands where none may: remove it"),
        NotSupported => ("EOPNOTSUPP", "the file system cannot do this"),
        Stale => ("ESTALE", "mount the network file system again"),
        Quota => ("EDQUOT", "raise the owner's disk quota, or free some space"),
        _ => ($"errno {errno}", ""),
    };
}
