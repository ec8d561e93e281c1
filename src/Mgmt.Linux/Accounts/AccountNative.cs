using System.Runtime.InteropServices;

namespace Mgmt.Linux.Accounts;

/// <summary>The host's user and group databases, as libc asks them.</summary>
internal static unsafe partial class AccountNative
{
    [LibraryImport("libc", EntryPoint = "getpwnam_r", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int GetPwNam(string name, PasswordEntry* entry, byte* buffer, nint length, PasswordEntry** found);

    [LibraryImport("libc", EntryPoint = "getpwuid_r")]
    internal static partial int GetPwUid(uint user, PasswordEntry* entry, byte* buffer, nint length, PasswordEntry** found);

    [LibraryImport("libc", EntryPoint = "getgrnam_r", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int GetGrNam(string name, GroupEntry* entry, byte* buffer, nint length, GroupEntry** found);

    /// <summary>struct passwd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct PasswordEntry
    {
        internal byte* Name;
        internal byte* Password;
        internal uint User;
        internal uint Group;
        internal byte* Comment;
        internal byte* Home;
        internal byte* Shell;
    }

    /// <summary>struct group.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct GroupEntry
    {
        internal byte* Name;
        internal byte* Password;
        internal uint Group;
        internal byte** Members;
    }
}
