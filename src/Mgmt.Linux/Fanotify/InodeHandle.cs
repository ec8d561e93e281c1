using System.Runtime.InteropServices;
using Mgmt.Linux.Files;

namespace Mgmt.Linux.Fanotify;

/// <summary>
/// What names an inode in fanotify's events, byte for byte as it stands there: the file system's id, then struct file_handle (the handle's length, its type, and the
/// handle). A handle says which generation of an inode it is, so that a number that is given again is another one.
/// </summary>
internal static class InodeHandle
{
    internal const int IdBytes = 8, HeadBytes = 8;

    /// <summary>The name of an open inode; null, with the kernel's number, where the file system has none.</summary>
    internal static FileName? Of(OpenFile inode, ulong filesystem, out int errno)
    {
        Span<byte> text = stackalloc byte[IdBytes + HeadBytes + FanotifyNative.LongestHandle];
        MemoryMarshal.Write(text, filesystem);
        MemoryMarshal.Write(text[IdBytes..], FanotifyNative.LongestHandle);
        var nothing = FileName.Empty;
        errno = FanotifyNative.NameToHandleAt(inode, in nothing.Start, ref text[IdBytes], out _, FileNative.AtEmptyPath) == 0 ? 0 : Errno.Last;
        return errno == 0 ? new FileName(text[..(IdBytes + HeadBytes + MemoryMarshal.Read<int>(text[IdBytes..]))]) : null;
    }

    /// <summary>Opens the inode of a handle; null when it is gone. <paramref name="mount"/> is any open file of its file system.</summary>
    internal static OpenFile? Open(OpenFile mount, ReadOnlySpan<byte> handle)
    {
        Span<byte> copy = stackalloc byte[HeadBytes + FanotifyNative.LongestHandle];
        handle[IdBytes..].CopyTo(copy);
        var file = FanotifyNative.OpenByHandleAt(mount, ref copy[0], FileNative.PathOnly | FileNative.CloseOnExec);
        if (!file.IsInvalid) return file;
        file.Dispose();
        return null;
    }

    /// <summary>The file system's id, which is part of every handle.</summary>
    internal static int Filesystem(OpenFile inode, out ulong id)
    {
        id = 0;
        if (FanotifyNative.FStatFs(inode, out var status) != 0) return Errno.Last;
        id = status.Id;
        return 0;
    }
}
