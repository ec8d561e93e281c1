using System.Text;
using Mgmt.Linux.Files;

namespace Mgmt.Resources.File;

/// <summary>The rules for paths in a graph file.</summary>
internal static class PathText
{
    private const int LongestName = 255, LongestPath = 4095;

    /// <summary>Why a text is not an absolute path; null when it is one.</summary>
    internal static string? CheckAbsolute(string path)
    {
        if (!path.StartsWith('/')) return "it is not an absolute path; begin it with \"/\"";
        foreach (var part in path.Split('/'))
        {
            // ".." after a link leads elsewhere than it reads: whoever wants that place can write its own path.
            if (part is "." or "..") return $"it has a \"{part}\" in it; write the path without";
            if (Encoding.UTF8.GetByteCount(part) > LongestName) return $"one of its names is longer than {LongestName} bytes";
        }

        return CheckBytes(path);
    }

    /// <summary>Why a text is not one name; a slash at its end is allowed.</summary>
    internal static string? CheckName(string name)
    {
        var bare = name.EndsWith('/') ? name[..^1] : name;
        if (bare.Length == 0 || bare.Contains('/', StringComparison.Ordinal)) return "it is not one name; it has no \"/\" but at its end";
        return bare is "." or ".." ? "it is no name of its own" : CheckBytes(bare);
    }

    internal static string? CheckBytes(string path) =>
        path.Contains('\0', StringComparison.Ordinal) ? "it has a NUL character in it"
        : Encoding.UTF8.GetByteCount(path) > LongestPath ? $"it is longer than {LongestPath} bytes"
        : null;

    /// <summary>Why the last name of a joined path is none that other hosts take; null when it is one.</summary>
    internal static string? CheckExported(string path)
    {
        if (path.EndsWith('/')) return "it is a directory, and only a regular file is exported; leave out the \"/\"";
        var name = path[(path.LastIndexOf('/') + 1)..];
        if (CheckName(name) is { } wrong) return wrong;
        if (Encoding.UTF8.GetByteCount(name) > LongestName) return $"its last name is longer than {LongestName} bytes";
        if (name.EndsWith(FilePath.TemporaryEnd, StringComparison.Ordinal)) return $"names that end in {FilePath.TemporaryEnd} are those of files that are being written";
        return name.Any(char.IsControl) ? "its last name has a control character in it" : null;
    }

    /// <summary>The path that name, path, dirname and basename make together, with single slashes.</summary>
    internal static string Join(string path, string dirName, string baseName)
    {
        if (dirName.Length == 0 && baseName.Length == 0 && path.StartsWith('/') && !path.Contains("//", StringComparison.Ordinal)) return path;
        var isFolder = path.EndsWith('/');
        var bare = isFolder ? path.TrimEnd('/') : path;
        var slash = bare.LastIndexOf('/');
        var folder = dirName.Length > 0 ? dirName : bare[..(slash + 1)];
        var name = baseName.Length > 0 ? baseName : bare[(slash + 1)..] + (isFolder ? "/" : "");
        var joined = $"{folder}/{name}";
        while (joined.Contains("//", StringComparison.Ordinal)) joined = joined.Replace("//", "/", StringComparison.Ordinal);
        return joined;
    }

    /// <summary>The directories above a joined path, the nearest first, each with a slash at its end.</summary>
    internal static IEnumerable<string> Above(string path)
    {
        for (var slash = path.LastIndexOf('/', Math.Max(0, path.Length - 2)); slash >= 0 && path.Length > 1; slash = slash == 0 ? -1 : path.LastIndexOf('/', slash - 1))
        {
            yield return path[..(slash + 1)];
        }
    }
}
