using System.Globalization;
using Mgmt.Linux.Inotify;

namespace Mgmt.Cli.Views;

/// <summary>What watches the files, one line for each file system and facility.</summary>
internal static class WatchesView
{
    /// <summary>As a table.</summary>
    public static string Write(IReadOnlyList<WatchGroup> groups) => TableText.Of(
        ["BY", "PATHS", "DIRECTORIES", "FILE SYSTEM"],
        groups.Select(static group => new[] { WatchGroup.Words(group.By), Text(group.Paths), Text(group.Folders), group.FileSystem }));

    /// <summary>As one line.</summary>
    public static string Line(IReadOnlyList<WatchGroup> groups) => string.Join("; ", groups.Select(static group =>
        $"{Count(group.Paths, "path", "paths")} in {Count(group.Folders, "directory", "directories")} of {group.FileSystem} {Means(group.By)}"));

    private static string Means(WatchedBy by) => by switch
    {
        WatchedBy.Inotify => "by inotify",
        WatchedBy.Fanotify => "by one fanotify mark",
        _ => "by looking from time to time",
    };

    private static string Count(int count, string one, string several) => $"{Text(count)} {(count == 1 ? one : several)}";

    private static string Text(int count) => count.ToString(CultureInfo.InvariantCulture);
}
