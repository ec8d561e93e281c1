using Mgmt.Linux.Files;

namespace Mgmt.Resources.File;

/// <summary>Removes from a directory what nobody manages. Links are removed, never followed; mount points stay.</summary>
internal sealed class TreePurge(FileWriter writer, FileWish wish, KeptPaths kept)
{
    private readonly Stack<string> _ways = new();

    internal required bool Apply { get; init; }

    internal EntryList Changes { get; } = new();

    /// <summary>Why something stays that should not; null when nothing does.</summary>
    internal string? Refused { get; private set; }

    internal async ValueTask RunAsync()
    {
        _ways.Push("");
        while (_ways.TryPop(out var way))
        {
            var path = Below(wish.Path.Text, way);
            // A run without changes has not made the directory.
            if (FileStatus.Look(new FileName(path)) is not { Type: FileType.Folder }) continue;
            using var folder = Folder.Open(path);
            foreach (var name in folder.List()) await VisitAsync(folder, way, name);
        }
    }

    private async ValueTask VisitAsync(Folder folder, string way, FileName name)
    {
        if (folder.Look(name) is not { } seen) return;
        var relative = way.Length == 0 ? name.ToString() : $"{way}/{name}";
        if (kept.IsKept(relative) || seen.IsMountRoot) return;
        if (kept.IsAboveKept(relative) || IsInSource(relative, seen))
        {
            if (wish.Recurse && seen.Type == FileType.Folder) _ways.Push(relative);
            return;
        }

        await RemoveAsync(folder, name, relative, seen);
    }

    private async ValueTask RemoveAsync(Folder folder, FileName name, string relative, FileStatus seen)
    {
        if (seen.Type == FileType.Folder && !wish.Recurse && !wish.Force)
        {
            using var child = folder.OpenChild(name);
            if (child.List().Count > 0)
            {
                Refused ??= $"cannot purge {folder.PathOf(name)}: it is a directory that is not empty; set recurse: true to remove it with all that is in it";
                return;
            }
        }

        Changes.Add(relative);
        if (!Apply) return;
        TreeRemover.Remove(folder, name);
        await writer.FlushAsync(folder);
    }

    private bool IsInSource(string relative, FileStatus seen) =>
        wish.Source is { } source && FileStatus.Look(new FileName(Below(source.TrimEnd('/'), relative))) is { } original
        && (original.Type == FileType.Folder) == (seen.Type == FileType.Folder);

    private static string Below(string root, string relative) => relative.Length == 0 ? root : root == "/" ? $"/{relative}" : $"{root}/{relative}";
}
