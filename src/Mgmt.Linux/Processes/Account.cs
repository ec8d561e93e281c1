using System.Globalization;
using System.Runtime.InteropServices;

namespace Mgmt.Linux.Processes;

/// <summary>A user of this host.</summary>
/// <param name="Name">The login name; of a number without an entry, the number.</param>
/// <param name="User">The user's number.</param>
/// <param name="Group">The number of the primary group; null where there is no entry that would tell.</param>
/// <param name="Home">The home directory.</param>
internal sealed record Account(string Name, uint User, uint? Group, string Home)
{
    private const int Found = 0;
    private const int LargestEntry = 1024 * 1024;

    /// <summary>Finds a user by name or number; null when there is none of that name. A number need not have an entry.</summary>
    internal static unsafe Account? Find(string text)
    {
        var byName = Look((buffer, length, entry, found) => ProcessNative.GetPwNam(text, entry, buffer, length, found));
        if (byName is not null || !TryNumber(text, out var number)) return byName;
        return Look((buffer, length, entry, found) => ProcessNative.GetPwUid(number, entry, buffer, length, found))
            ?? new Account(text, number, null, "/");
    }

    /// <summary>Finds a group's number by its name or number; null when there is none of that name.</summary>
    internal static unsafe uint? FindGroup(string text)
    {
        for (var length = 4096; length <= LargestEntry; length *= 2)
        {
            var room = new byte[length];
            fixed (byte* buffer = room)
            {
                ProcessNative.GroupEntry entry;
                ProcessNative.GroupEntry* found = null;
                var error = ProcessNative.GetGrNam(text, &entry, buffer, length, &found);
                if (error == ProcessNative.ERANGE) continue;
                if (error == Found && found == &entry) return entry.Group;
                return TryNumber(text, out var number) ? number : null;
            }
        }

        return null;
    }

    private static bool TryNumber(string text, out uint number) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number != uint.MaxValue;

    private static unsafe Account? Look(Query query)
    {
        for (var length = 4096; length <= LargestEntry; length *= 2)
        {
            var room = new byte[length];
            fixed (byte* buffer = room)
            {
                ProcessNative.PasswordEntry entry;
                ProcessNative.PasswordEntry* found = null;
                var error = query(buffer, length, &entry, &found);
                if (error == ProcessNative.ERANGE) continue;
                if (error != Found || found is null) return null;
                return new Account(Text(entry.Name), entry.User, entry.Group, Text(entry.Home));
            }
        }

        return null;
    }

    private static unsafe string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    private unsafe delegate int Query(byte* buffer, nint length, ProcessNative.PasswordEntry* entry, ProcessNative.PasswordEntry** found);
}
