using Mgmt.Linux.Mounts;

namespace Mgmt.Linux.Files;

/// <summary>Where file systems are mounted, as the kernel tells it in /proc/self/mountinfo.</summary>
public static class MountTable
{
    /// <summary>The mount points at or under a real path (one without links).</summary>
    /// <exception cref="FileException">The table cannot be read.</exception>
    public static IReadOnlyList<string> Under(string realPath) =>
        [.. MountInfo.Read().Where(entry => entry.IsAtOrBelow(realPath.Length > 1 ? realPath.TrimEnd('/') : realPath)).Select(static entry => entry.Point)];

    /// <summary>Each file system's first mount point and type, such as "/srv (ext4)", by the device's number as <see cref="FileIdentity"/> has it.</summary>
    internal static Dictionary<ulong, string> FileSystems()
    {
        var found = new Dictionary<ulong, string>();
        foreach (var entry in MountInfo.Read()) found.TryAdd(entry.Device, $"{entry.Point} ({entry.Type})");
        return found;
    }

    /// <summary>Refuses to remove a tree in which something is mounted.</summary>
    internal static void RefuseIfUnder(Folder folder, FilePath path, string verb)
    {
        var real = folder.RealPath().TrimEnd('/') + "/" + path.Name;
        if (Under(real) is [var first, ..]) throw new FileException($"cannot {verb} {path}: {first} is a mount point; unmount it first", Errno.Busy);
    }
}
