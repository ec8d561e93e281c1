using System.Globalization;
using System.Text;

namespace Mgmt.Linux.Files;

/// <summary>Where file systems are mounted, as the kernel tells it in /proc/self/mountinfo.</summary>
public static class MountTable
{
    /// <summary>The mount points at or under a real path (one without links).</summary>
    public static IReadOnlyList<string> Under(string realPath)
    {
        var found = new List<string>();
        foreach (var line in File.ReadLines("/proc/self/mountinfo"))
        {
            var point = Unescape(line.Split(' ', 6)[4]);
            if (point == realPath || point.StartsWith(realPath.TrimEnd('/') + "/", StringComparison.Ordinal)) found.Add(point);
        }

        return found;
    }

    /// <summary>Each file system's first mount point and type, such as "/srv (ext4)", by the device's number as <see cref="FileIdentity"/> has it.</summary>
    internal static Dictionary<ulong, string> FileSystems()
    {
        var found = new Dictionary<ulong, string>();
        foreach (var line in File.ReadLines("/proc/self/mountinfo"))
        {
            // ID PARENT MAJOR:MINOR ROOT POINT OPTIONS [TAGS...] - TYPE SOURCE OPTIONS
            var words = line.Split(' ');
            var dash = Array.IndexOf(words, "-");
            var numbers = words[2].Split(':');
            if (dash < 0 || !ulong.TryParse(numbers[0], CultureInfo.InvariantCulture, out var major) || !ulong.TryParse(numbers[1], CultureInfo.InvariantCulture, out var minor)) continue;
            found.TryAdd((major << 32) | minor, $"{Unescape(words[4])} ({words[dash + 1]})");
        }

        return found;
    }

    /// <summary>Refuses to remove a tree in which something is mounted.</summary>
    internal static void RefuseIfUnder(Folder folder, FilePath path, string verb)
    {
        var real = folder.RealPath().TrimEnd('/') + "/" + path.Name;
        if (Under(real) is [var first, ..]) throw new FileException($"cannot {verb} {path}: {first} is a mount point; unmount it first", Errno.Busy);
    }

    /// <summary>Blanks, tabs, line ends and backslashes are written as three octal digits.</summary>
    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal)) return text;
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 3 >= text.Length) plain.Append(text[i]);
            else
            {
                plain.Append((char)Convert.ToInt32(text.Substring(i + 1, 3), 8));
                i += 3;
            }
        }

        return plain.ToString();
    }
}
