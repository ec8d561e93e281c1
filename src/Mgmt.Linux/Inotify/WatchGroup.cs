using Mgmt.Linux.Files;

namespace Mgmt.Linux.Inotify;

/// <summary>What tells of a path.</summary>
public enum WatchedBy
{
    /// <summary>A watch of its directory.</summary>
    Inotify,

    /// <summary>A mark on its file system.</summary>
    Fanotify,

    /// <summary>Nothing: it is looked at from time to time.</summary>
    Looking,
}

/// <summary>What is watched on one file system by one facility.</summary>
/// <param name="By">The facility.</param>
/// <param name="FileSystem">Where the file system is mounted, and its type: "/srv (ext4)".</param>
/// <param name="Folders">How many directories have watched paths in them.</param>
/// <param name="Paths">How many paths are watched.</param>
public sealed record WatchGroup(WatchedBy By, string FileSystem, int Folders, int Paths)
{
    /// <summary>The groups of what is watched, the largest first.</summary>
    internal static IReadOnlyList<WatchGroup> Of(IEnumerable<(WatchedBy By, ulong Device, int Paths)> folders)
    {
        var mounts = MountTable.FileSystems();
        return [.. folders
            .GroupBy(static one => (one.By, one.Device))
            .Select(group => new WatchGroup(group.Key.By, mounts.GetValueOrDefault(group.Key.Device, "a file system"), group.Count(), group.Sum(static one => one.Paths)))
            .OrderByDescending(static group => group.Paths).ThenBy(static group => group.FileSystem, StringComparer.Ordinal).ThenBy(static group => group.By)];
    }

    /// <summary>The facility in a word or two.</summary>
    public static string Words(WatchedBy by) => by switch
    {
        WatchedBy.Inotify => "inotify",
        WatchedBy.Fanotify => "fanotify",
        _ => "looking",
    };
}
