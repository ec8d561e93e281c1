using System.Globalization;
using System.Runtime.InteropServices;
using Mgmt.Linux.Files;

namespace Mgmt.Linux.Accounts;

/// <summary>A user of this host, from wherever the host keeps them (files, LDAP, …).</summary>
/// <param name="Name">The login name; of a number without an entry, the number.</param>
/// <param name="User">The user's number.</param>
/// <param name="Group">The number of the primary group; null where there is no entry that would tell.</param>
/// <param name="Home">The home directory.</param>
internal sealed record Account(string Name, uint User, uint? Group, string Home)
{
    private const int FirstBuffer = 4 * 1024, LargestBuffer = 1024 * 1024;

    private unsafe delegate int PasswordQuery(byte* buffer, nint length, AccountNative.PasswordEntry* entry, AccountNative.PasswordEntry** found);

    /// <summary>Finds a user by name or number; null when there is none of that name. A number need not have an entry.</summary>
    internal static unsafe Account? Find(string text)
    {
        if (FindByName(text, out _) is { } byName) return byName;
        if (!TryNumber(text, out var number)) return null;
        return Look((buffer, length, entry, found) => AccountNative.GetPwUid(number, entry, buffer, length, found), out _) ?? new Account(text, number, null, "/");
    }

    /// <summary>Finds a group's number by its name or number; null when there is none of that name.</summary>
    internal static uint? FindGroup(string text) => FindGroupByName(text, out _) ?? (TryNumber(text, out var number) ? number : null);

    /// <summary>Finds a user by name alone. Where the answer is null, <paramref name="errno"/> tells a name that is not there (0) from a database that cannot be asked.</summary>
    internal static unsafe Account? FindByName(string name, out int errno) =>
        Look((buffer, length, entry, found) => AccountNative.GetPwNam(name, entry, buffer, length, found), out errno);

    /// <summary>Finds a group's number by name alone; of <paramref name="errno"/> the same holds.</summary>
    internal static unsafe uint? FindGroupByName(string name, out int errno)
    {
        for (var length = FirstBuffer; ; length *= 4)
        {
            fixed (byte* buffer = new byte[length])
            {
                AccountNative.GroupEntry entry;
                AccountNative.GroupEntry* found = null;
                errno = AccountNative.GetGrNam(name, &entry, buffer, length, &found);
                if (errno == Errno.Range && length < LargestBuffer) continue;
                errno = NotThere(errno);
                return errno == 0 && found == &entry ? entry.Group : null;
            }
        }
    }

    private static unsafe Account? Look(PasswordQuery query, out int errno)
    {
        for (var length = FirstBuffer; ; length *= 4)
        {
            fixed (byte* buffer = new byte[length])
            {
                AccountNative.PasswordEntry entry;
                AccountNative.PasswordEntry* found = null;
                errno = query(buffer, length, &entry, &found);
                if (errno == Errno.Range && length < LargestBuffer) continue;
                errno = NotThere(errno);
                return errno == 0 && found == &entry ? new Account(Text(entry.Name), entry.User, entry.Group, Text(entry.Home)) : null;
            }
        }
    }

    // The manual lists these as other ways to say that there is no such name.
    private static int NotThere(int errno) => errno is Errno.NoEntry or Errno.NotPermitted or Errno.NotOpen ? 0 : errno;

    private static bool TryNumber(string text, out uint number) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number != uint.MaxValue;

    private static unsafe string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";
}
