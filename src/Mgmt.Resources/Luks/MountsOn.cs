using Mgmt.Linux.Mounts;
using Mgmt.Linux.Processes;
using Mgmt.Resources.Mount;

namespace Mgmt.Resources.Luks;

/// <summary>All that is mounted from a device, and what is mounted below that.</summary>
internal static class MountsOn
{
    private const int Most = 1000;

    /// <summary>Where, in the order in which it can be unmounted: the last mounted first.</summary>
    internal static IReadOnlyList<string> Find(IReadOnlyList<MountEntry> table, ulong device, string path)
    {
        var roots = table.Where(one => one.Device == device || one.Source == path).ToList();
        return [.. table.Where(one => roots.Any(root => one.IsAtOrBelow(root.Point) && !IsUnder(table, one, root))).Select(static one => one.Point).Reverse()];
    }

    /// <summary>Unmounts it.</summary>
    /// <returns>Why not, or null; then some of it is unmounted.</returns>
    internal static async Task<string?> UnmountAsync(ulong device, string path, Spawner spawner, TimeProvider time, CancellationToken cancel)
    {
        for (var count = 0; Find(MountInfo.Read(), device, path) is { Count: > 0 } points; count++)
        {
            if (points.FirstOrDefault(SystemFolders.Holds) is { } system) return $"cannot unmount {(system.Length == 0 ? "/" : system)}: the system itself lives on it";
            if (count == Most) return $"cannot unmount {points[0]}: something mounts it again and again";
            if (await MountCommands.UnmountAsync(points[0], spawner, time, cancel) is { } failed) return failed.Wrong;
        }

        return null;
    }

    // What the root itself lies on, at the same directory.
    private static bool IsUnder(IReadOnlyList<MountEntry> table, MountEntry one, MountEntry root)
    {
        if (one.Point != root.Point || one.Id == root.Id) return false;
        for (var at = root; at is not null && at.Point == root.Point; at = table.FirstOrDefault(other => other.Id == at.Parent && other.Id != at.Id))
        {
            if (at.Parent == one.Id) return true;
        }

        return false;
    }
}
