using System.Collections;
using System.Text;

namespace Mgmt.Resources.Pkg;

/// <summary>
/// The paths of one package, absolute and in ordinal order, kept as bytes: a hundred packages have half a million of them. A path that others are below is a directory;
/// of the others only a slash at the end tells, which not every source writes.
/// </summary>
internal sealed class PackagePaths : IReadOnlyList<string>
{
    // The largest packages of Debian have some 100,000.
    private const int MostPaths = 300_000, LongestPath = 4096;

    private readonly byte[] _bytes;
    private readonly int[] _ends;

    private PackagePaths(byte[] bytes, int[] ends) => (_bytes, _ends) = (bytes, ends);

    /// <summary>No paths.</summary>
    internal static PackagePaths None { get; } = new([], []);

    /// <inheritdoc/>
    public int Count => _ends.Length;

    /// <inheritdoc/>
    public string this[int index] => Encoding.UTF8.GetString(_bytes.AsSpan((index == 0 ? 0 : _ends[index - 1])..(_ends[index] - 1)));

    /// <summary>The paths as lines, each with a line feed behind it.</summary>
    internal ReadOnlyMemory<byte> Lines => _bytes;

    /// <summary>Takes paths in any order. What is no path is left out.</summary>
    internal static PackagePaths From(IEnumerable<string> paths)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            if (found.Count >= MostPaths) break;
            if (Normalize(path) is { } right) found.Add(right);
        }

        // Whatever has something below it is a directory, however it was written.
        var folders = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in found) AddFolders(path, folders);
        var all = new SortedSet<string>(folders, StringComparer.Ordinal);
        foreach (var path in found)
        {
            if (!folders.Contains(path + "/")) all.Add(path);
        }

        return FromLines(Encoding.UTF8.GetBytes(string.Concat(all.Select(static path => path + "\n"))));
    }

    /// <summary>Takes lines as <see cref="Lines"/> gives them.</summary>
    internal static PackagePaths FromLines(byte[] lines)
    {
        var ends = new List<int>();
        for (var at = 0; at < lines.Length && lines.AsSpan(at).IndexOf((byte)'\n') is var length and >= 0; at += length + 1) ends.Add(at + length + 1);
        return new PackagePaths(lines, [.. ends]);
    }

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator()
    {
        for (var i = 0; i < _ends.Length; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static string? Normalize(string path)
    {
        if (path.StartsWith("./", StringComparison.Ordinal)) path = path[1..];
        if (path.EndsWith("/.", StringComparison.Ordinal)) path = path[..^1];
        var isWrong = path.Length < 2 || path.Length > LongestPath || path[0] != '/' || path.Contains("//", StringComparison.Ordinal) || path.Contains('\n', StringComparison.Ordinal)
            || path.Contains("/../", StringComparison.Ordinal) || path.Contains('\0', StringComparison.Ordinal);
        return isWrong ? null : path;
    }

    private static void AddFolders(string path, HashSet<string> folders)
    {
        for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            if (!folders.Add(path[..(slash + 1)])) return;
        }
    }
}
