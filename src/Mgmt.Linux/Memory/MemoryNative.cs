using System.Runtime.InteropServices;

namespace Mgmt.Linux.Memory;

/// <summary>The calls behind memory that is locked.</summary>
internal static partial class MemoryNative
{
    internal const int ReadWrite = 3, PrivateAnonymous = 0x22, DontFork = 10, DontDump = 16;

    private const string C = "libc";

    internal static nuint PageBytes { get; } = (nuint)Environment.SystemPageSize;

    [LibraryImport(C, EntryPoint = "mmap", SetLastError = true)]
    internal static partial nint MMap(nint wanted, nuint length, int protection, int flags, int descriptor, long offset);

    [LibraryImport(C, EntryPoint = "munmap", SetLastError = true)]
    internal static partial int MUnmap(nint start, nuint length);

    [LibraryImport(C, EntryPoint = "mlock", SetLastError = true)]
    internal static partial int MLock(nint start, nuint length);

    [LibraryImport(C, EntryPoint = "munlock", SetLastError = true)]
    internal static partial int MUnlock(nint start, nuint length);

    [LibraryImport(C, EntryPoint = "madvise", SetLastError = true)]
    internal static partial int MAdvise(nint start, nuint length, int advice);
}
