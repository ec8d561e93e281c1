namespace Mgmt.Linux.Mounts;

/// <summary>One mounted file system, as a line of /proc/self/mountinfo tells it (proc_pid_mountinfo(5)).</summary>
/// <param name="Id">The kernel's number of the mount.</param>
/// <param name="Parent">The number of the mount that it lies on.</param>
/// <param name="Device">The device of its files: the upper half is the major number, the lower half the minor one.</param>
/// <param name="Root">What of the file system is seen there: "/", or of a bind mount the directory.</param>
/// <param name="Point">Where it is mounted: a path without links.</param>
/// <param name="Options">Those of this mount, with commas between them: <c>rw,nosuid,relatime</c>.</param>
/// <param name="Type">The file system's type, such as <c>ext4</c>.</param>
/// <param name="Source">What was mounted, as it was given: <c>/dev/mapper/data</c>.</param>
/// <param name="SuperOptions">Those of the file system, which all its mounts share.</param>
public sealed record MountEntry(
    int Id, int Parent, ulong Device, string Root, string Point, string Options, string Type, string Source, string SuperOptions)
{
    /// <summary>Whether it is mounted at a path without links, or somewhere below it.</summary>
    public bool IsAtOrBelow(string realPath) =>
        Point == realPath || realPath == "/" || (Point.Length > realPath.Length && Point[realPath.Length] == '/' && Point.StartsWith(realPath, StringComparison.Ordinal));
}
