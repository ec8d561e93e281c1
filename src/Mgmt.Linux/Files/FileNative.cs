using System.Runtime.InteropServices;

namespace Mgmt.Linux.Files;

/// <summary>The file calls of the C library. Names are bytes that end with NUL; see <see cref="FileName"/>.</summary>
internal static partial class FileNative
{
    internal const int ReadOnly = 0, WriteOnly = 1, ReadWrite = 2;
    internal const int Create = 0x40, Exclusive = 0x80, NonBlock = 0x800;
    internal const int NoAccessTime = 0x40000, CloseOnExec = 0x80000, PathOnly = 0x200000;

    // The two that differ between the architectures.
    private static readonly bool IsArm = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;
    internal static readonly int Directory = IsArm ? 0x4000 : 0x10000;
    internal static readonly int NoFollow = IsArm ? 0x8000 : 0x20000;
    internal static readonly int Unnamed = 0x400000 | Directory;

    internal const int AtNoFollow = 0x100, AtRemoveFolder = 0x200, AtFollow = 0x400, AtEmptyPath = 0x1000;
    internal const uint RenameExchange = 2;
    internal const int GetLock = 5, SetOwnLock = 37; // F_GETLK, F_OFD_SETLK

    private const string C = "libc";

    [LibraryImport(C, EntryPoint = "openat", SetLastError = true)]
    internal static partial OpenFile OpenAt(OpenFile folder, ref readonly byte path, int flags, uint mode);

    [LibraryImport(C, EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int descriptor);

    [LibraryImport(C, EntryPoint = "statx", SetLastError = true)]
    internal static partial int Statx(OpenFile folder, ref readonly byte path, int flags, uint mask, out StatxBuffer buffer);

    [LibraryImport(C, EntryPoint = "pread", SetLastError = true)]
    internal static partial nint PRead(OpenFile file, ref byte buffer, nuint count, long offset);

    [LibraryImport(C, EntryPoint = "write", SetLastError = true)]
    internal static partial nint Write(OpenFile file, ref readonly byte buffer, nuint count);

    [LibraryImport(C, EntryPoint = "fchown", SetLastError = true)]
    internal static partial int FChown(OpenFile file, uint user, uint group);

    [LibraryImport(C, EntryPoint = "fchownat", SetLastError = true)]
    internal static partial int FChownAt(OpenFile folder, ref readonly byte path, uint user, uint group, int flags);

    [LibraryImport(C, EntryPoint = "fchmod", SetLastError = true)]
    internal static partial int FChmod(OpenFile file, uint mode);

    [LibraryImport(C, EntryPoint = "chmod", SetLastError = true)]
    internal static partial int Chmod(ref readonly byte path, uint mode);

    [LibraryImport(C, EntryPoint = "fsync", SetLastError = true)]
    internal static partial int FSync(OpenFile file);

    [LibraryImport(C, EntryPoint = "syncfs", SetLastError = true)]
    internal static partial int SyncFs(OpenFile file);

    [LibraryImport(C, EntryPoint = "linkat", SetLastError = true)]
    internal static partial int LinkAt(OpenFile fromFolder, ref readonly byte from, OpenFile toFolder, ref readonly byte to, int flags);

    [LibraryImport(C, EntryPoint = "symlinkat", SetLastError = true)]
    internal static partial int SymlinkAt(ref readonly byte target, OpenFile folder, ref readonly byte path);

    [LibraryImport(C, EntryPoint = "readlinkat", SetLastError = true)]
    internal static partial nint ReadLinkAt(OpenFile folder, ref readonly byte path, ref byte buffer, nuint size);

    [LibraryImport(C, EntryPoint = "renameat2", SetLastError = true)]
    internal static partial int RenameAt2(OpenFile fromFolder, ref readonly byte from, OpenFile toFolder, ref readonly byte to, uint flags);

    [LibraryImport(C, EntryPoint = "unlinkat", SetLastError = true)]
    internal static partial int UnlinkAt(OpenFile folder, ref readonly byte path, int flags);

    [LibraryImport(C, EntryPoint = "mkdirat", SetLastError = true)]
    internal static partial int MkDirAt(OpenFile folder, ref readonly byte path, uint mode);

    [LibraryImport(C, EntryPoint = "fcntl", SetLastError = true)]
    internal static partial int FControl(OpenFile file, int command, ref readonly FileLock argument);

    [LibraryImport(C, EntryPoint = "fcntl", SetLastError = true)]
    internal static partial int FControlAsk(OpenFile file, int command, ref FileLock argument);

    [LibraryImport(C, EntryPoint = "getdents64", SetLastError = true)]
    internal static partial nint GetDents64(OpenFile folder, ref byte buffer, nuint size);

    [LibraryImport(C, EntryPoint = "lseek", SetLastError = true)]
    internal static partial long LSeek(OpenFile file, long offset, int whence);

    [LibraryImport(C, EntryPoint = "geteuid")]
    internal static partial uint GetEUid();
}

/// <summary>struct statx, which is the same on every architecture.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct StatxBuffer
{
    [FieldOffset(0)] internal uint Mask;
    [FieldOffset(8)] internal ulong Attributes;
    [FieldOffset(20)] internal uint Uid;
    [FieldOffset(24)] internal uint Gid;
    [FieldOffset(28)] internal ushort Mode;
    [FieldOffset(32)] internal ulong Inode;
    [FieldOffset(40)] internal ulong Size;
    [FieldOffset(80)] internal long BornSeconds;
    [FieldOffset(88)] internal uint BornNanoseconds;
    [FieldOffset(96)] internal long ChangedSeconds;
    [FieldOffset(104)] internal uint ChangedNanoseconds;
    [FieldOffset(112)] internal long ModifiedSeconds;
    [FieldOffset(120)] internal uint ModifiedNanoseconds;
    [FieldOffset(128)] internal uint NamedMajor; // of what a device's inode names
    [FieldOffset(132)] internal uint NamedMinor;
    [FieldOffset(136)] internal uint DeviceMajor;
    [FieldOffset(140)] internal uint DeviceMinor;
}

/// <summary>struct flock: all zeros but the type mean the whole file.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FileLock
{
    internal const short Write = 1, None = 2;

    internal short Type, Whence;
    internal long Start, Length;
    internal int Process;
}
