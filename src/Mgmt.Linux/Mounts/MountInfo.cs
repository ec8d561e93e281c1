using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Mgmt.Linux.Files;

namespace Mgmt.Linux.Mounts;

/// <summary>Reads /proc/self/mountinfo. What cannot be a line of it is passed over: a newer kernel may say more.</summary>
public static class MountInfo
{
    /// <summary>The most that is read; the kernel's own limit of mounts (fs.mount-max, 100,000) is below it.</summary>
    private const int MostBytes = 64 * 1024 * 1024;

    private const int FieldsBeforeOptional = 6, FieldsBehindMark = 3;

    /// <summary>All mounts that this process sees, in the order in which they were made.</summary>
    /// <exception cref="FileException">The table cannot be read, or has no end.</exception>
    public static IReadOnlyList<MountEntry> Read()
    {
        try
        {
            using var file = new FileStream("/proc/self/mountinfo", new FileStreamOptions { BufferSize = 0 });
            return Parse(ReadAll(file));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException && error is not FileException)
        {
            throw new FileException($"cannot read the table of mounts: {error.Message.TrimEnd('.')}; see that /proc is mounted");
        }
    }

    /// <summary>Reads the text of a table.</summary>
    public static IReadOnlyList<MountEntry> Parse(ReadOnlySpan<byte> table)
    {
        var entries = new List<MountEntry>();
        foreach (var line in Encoding.UTF8.GetString(table).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (TryParse(line, out var entry)) entries.Add(entry);
        }

        return entries;
    }

    private static bool TryParse(string line, [NotNullWhen(true)] out MountEntry? entry)
    {
        entry = null;
        var fields = line.Split(' ');

        // Any number of optional fields, then a mark.
        var mark = fields.Length < FieldsBeforeOptional ? -1 : Array.IndexOf(fields, "-", FieldsBeforeOptional);
        if (mark < 0 || fields.Length < mark + 1 + FieldsBehindMark) return false;
        if (!int.TryParse(fields[0], CultureInfo.InvariantCulture, out var id) || !int.TryParse(fields[1], CultureInfo.InvariantCulture, out var parent)) return false;
        if (!DeviceNumber.TryParse(fields[2], out var device) || !fields[4].StartsWith('/')) return false;
        entry = new(
            id, parent, device, Unescape(fields[3]), Unescape(fields[4]), Unescape(fields[5]), Unescape(fields[mark + 1]), Unescape(fields[mark + 2]), Unescape(fields[mark + 3]));
        return true;
    }

    /// <summary>Blanks, tabs, line ends, backslashes and hashes are written as three octal digits, byte by byte.</summary>
    internal static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal)) return text;
        var bytes = Encoding.UTF8.GetBytes(text);
        var length = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == '\\' && i + 3 < bytes.Length && OctalOf(bytes.AsSpan(i + 1, 3)) is { } escaped)
            {
                bytes[length++] = escaped;
                i += 3;
            }
            else
            {
                bytes[length++] = bytes[i];
            }
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    private static byte? OctalOf(ReadOnlySpan<byte> digits)
    {
        var value = 0;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'7') return null;
            value = (value * 8) + (digit - '0');
        }

        return value <= byte.MaxValue ? (byte)value : null;
    }

    private static byte[] ReadAll(FileStream file)
    {
        using var taken = new MemoryStream();
        var buffer = new byte[32 * 1024];
        while (file.Read(buffer) is > 0 and var count)
        {
            if (taken.Length + count > MostBytes) throw new FileException($"cannot read the table of mounts: it has more than {MostBytes >> 20} MiB; unmount what is not needed");
            taken.Write(buffer, 0, count);
        }

        return taken.ToArray();
    }
}
