using System.Runtime.InteropServices;
using Mgmt.Linux.Files;

namespace Mgmt.Linux.Fanotify;

/// <summary>The calls behind the events of whole file systems.</summary>
internal static partial class FanotifyNative
{
    // fanotify_init: close on exec, do not block, and name things by their directory's handle and their name (FAN_REPORT_DFID_NAME).
    internal const uint InitFlags = 0x1 | 0x2 | 0x400 | 0x800;
    internal const uint MarkAdd = 0x1, MarkRemove = 0x2, MarkFilesystem = 0x100;

    /// <summary>struct file_handle holds at most so many bytes behind its two numbers.</summary>
    internal const int LongestHandle = 128;

    private const string C = "libc";

    [LibraryImport(C, EntryPoint = "fanotify_init", SetLastError = true)]
    internal static partial OpenFile FanotifyInit(uint flags, uint eventFlags);

    [LibraryImport(C, EntryPoint = "fanotify_mark", SetLastError = true)]
    internal static partial int FanotifyMark(OpenFile queue, uint flags, ulong mask, OpenFile folder, ref readonly byte path);

    [LibraryImport(C, EntryPoint = "name_to_handle_at", SetLastError = true)]
    internal static partial int NameToHandleAt(OpenFile folder, ref readonly byte path, ref byte handle, out int mount, int flags);

    [LibraryImport(C, EntryPoint = "open_by_handle_at", SetLastError = true)]
    internal static partial OpenFile OpenByHandleAt(OpenFile mount, ref byte handle, int flags);

    [LibraryImport(C, EntryPoint = "fstatfs", SetLastError = true)]
    internal static partial int FStatFs(OpenFile file, out StatFsBuffer buffer);
}

/// <summary>struct statfs of the 64-bit architectures.</summary>
[StructLayout(LayoutKind.Explicit, Size = 120)]
internal struct StatFsBuffer
{
    [FieldOffset(0)] internal long Type;
    [FieldOffset(56)] internal ulong Id;
}
