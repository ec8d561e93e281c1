using Mgmt.Linux.Files;

namespace Mgmt.Resources.File;

/// <summary>Where the whole definition mounts something: an immutable set, replaced when the definition is. What belongs on a mount must not land in the directory below it.</summary>
internal sealed class MountPoints
{
    // Made when something is written for the first time.
    private volatile Lazy<string[]> _points = new([]);

    /// <summary>Of a file whose author wants no edges found for it: it may mean the directory below.</summary>
    internal static MountPoints None { get; } = new();

    /// <summary>Replaces the set.</summary>
    /// <param name="points">Directories, without a slash at their end; read later, and once.</param>
    internal void Set(IEnumerable<string> points) => _points = new Lazy<string[]>(() => [.. points.OrderByDescending(static one => one.Length)]);

    /// <summary>
    /// Holds the nearest mount above a path: as long as the answer is not disposed, nobody unmounts it but by force. Null where none is wanted.
    /// </summary>
    /// <param name="path">What is about to be written, or removed.</param>
    /// <param name="isFolder">Whether the path may be the mounted directory itself.</param>
    /// <exception cref="FileException">Nothing is mounted there.</exception>
    internal IDisposable? Hold(FilePath path, bool isFolder)
    {
        if (Array.Find(_points.Value, one => IsOn(path.Text, one, isFolder)) is not { } point) return null;
        var folder = Folder.Open(point);
        if (folder.Status.IsMountRoot) return folder;
        folder.Dispose();
        throw new FileException($"cannot change {path}: nothing is mounted at {point}; it is put in order when that is, or with autoedge: false in the directory below");
    }

    private static bool IsOn(string path, string point, bool isFolder) =>
        path.StartsWith(point, StringComparison.Ordinal) && (path.Length == point.Length ? isFolder : path[point.Length] == '/');
}
