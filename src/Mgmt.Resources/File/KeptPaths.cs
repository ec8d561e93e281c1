using Mgmt.Linux.Files;

namespace Mgmt.Resources.File;

/// <summary>
/// What a directory has to leave alone: paths that other resources manage, mount points, and the directories above those. Paths are compared
/// without links, so that a file that is managed by another way into the same directory is known too.
/// </summary>
internal sealed class KeptPaths
{
    private readonly HashSet<string> _kept = new(StringComparer.Ordinal);
    private readonly HashSet<string> _above = new(StringComparer.Ordinal);

    /// <summary>Whether it belongs to somebody else.</summary>
    internal bool IsKept(string relative) => _kept.Contains(relative);

    /// <summary>Whether something that belongs to somebody else is in it.</summary>
    internal bool IsAboveKept(string relative) => _above.Contains(relative);

    /// <summary>Finds them for one directory, whose own path is not among them.</summary>
    internal static KeptPaths Of(FilePath root, IReadOnlyList<FilePath> managed)
    {
        var kept = new KeptPaths();
        var realRoot = Real(root.Text);
        var folders = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in managed)
        {
            if (!folders.TryGetValue(path.Folder, out var real)) folders.Add(path.Folder, real = Real(path.Folder));
            kept.Keep(root.Text, path.Text);
            kept.Keep(realRoot, Join(real, path.Name.ToString()));
            // Another resource may be just putting a new version into place.
            kept.Keep(realRoot, Join(real, path.Temporary.ToString()));
        }

        foreach (var mount in MountTable.Under(realRoot)) kept.Keep(realRoot, mount);
        return kept;
    }

    private void Keep(string root, string path)
    {
        var prefix = root == "/" ? root : root + "/";
        if (path.Length <= prefix.Length || !path.StartsWith(prefix, StringComparison.Ordinal)) return;
        var relative = path[prefix.Length..];
        if (!_kept.Add(relative)) return;
        for (var slash = relative.LastIndexOf('/'); slash > 0; slash = relative.LastIndexOf('/', slash - 1))
        {
            if (!_above.Add(relative[..slash])) break;
        }
    }

    private static string Join(string folder, string name) => folder == "/" ? "/" + name : $"{folder}/{name}";

    private static string Real(string path)
    {
        if (FileStatus.Look(new FileName(path), follow: true) is not { Type: FileType.Folder }) return path;
        using var folder = Folder.Open(path);
        return folder.RealPath();
    }
}
