using System.Runtime.InteropServices;
using Mgmt.Linux.Files;

namespace Mgmt.Linux.Inotify;

/// <summary>The calls behind file events.</summary>
internal static partial class InotifyNative
{
    internal const int NonBlock = 0x800, CloseOnExec = 0x80000;
    internal const short PollIn = 1, PollPriority = 2, PollOut = 4;
    internal const ulong BytesWaiting = 0x541b; // FIONREAD

    private const string C = "libc";

    [LibraryImport(C, EntryPoint = "inotify_init1", SetLastError = true)]
    internal static partial OpenFile InotifyInit1(int flags);

    [LibraryImport(C, EntryPoint = "inotify_add_watch", SetLastError = true)]
    internal static partial int InotifyAddWatch(OpenFile queue, ref readonly byte path, uint mask);

    [LibraryImport(C, EntryPoint = "inotify_rm_watch", SetLastError = true)]
    internal static partial int InotifyRmWatch(OpenFile queue, int watch);

    [LibraryImport(C, EntryPoint = "eventfd", SetLastError = true)]
    internal static partial OpenFile EventFd(uint initial, int flags);

    [LibraryImport(C, EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(OpenFile file, ref byte buffer, nuint count);

    [LibraryImport(C, EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int IoControl(OpenFile file, ulong request, out int value);

    [LibraryImport(C, EntryPoint = "poll", SetLastError = true)]
    internal static partial int Poll(ref PollEntry entries, ulong count, int timeoutMilliseconds);
}

/// <summary>struct pollfd.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollEntry
{
    internal int Descriptor;
    internal short Wanted;
    internal short Seen;
}

/// <summary>What an inotify event says, and what a watch asks for.</summary>
[Flags]
internal enum InotifyMask : uint
{
    None = 0,
    Modify = 0x2,
    Attributes = 0x4,
    CloseWrite = 0x8,
    MovedFrom = 0x40,
    MovedTo = 0x80,
    Create = 0x100,
    Delete = 0x200,
    DeleteSelf = 0x400,
    MoveSelf = 0x800,
    Unmount = 0x2000,
    Overflow = 0x4000,
    Ignored = 0x8000,
    ExcludeUnlinked = 0x4000000,
    Add = 0x20000000,
    IsFolder = 0x40000000,

    /// <summary>The inode itself went elsewhere or away.</summary>
    Gone = DeleteSelf | MoveSelf | Unmount | Ignored,

    /// <summary>Comes without being asked for.</summary>
    Unasked = Unmount | Overflow | Ignored | IsFolder,
}
