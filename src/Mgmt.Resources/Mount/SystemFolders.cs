using System.Collections.Frozen;

namespace Mgmt.Resources.Mount;

/// <summary>Directories without which a running host is none: nothing is mounted at them, and nothing unmounted.</summary>
internal static class SystemFolders
{
    private static readonly FrozenSet<string> All = FrozenSet.Create(
        StringComparer.Ordinal, "", "/bin", "/dev", "/dev/pts", "/etc", "/lib", "/lib32", "/lib64", "/libx32", "/proc", "/run", "/sbin", "/sys", "/usr", "/usr/bin", "/usr/lib", "/usr/sbin");

    /// <summary>Whether a path is one of them.</summary>
    /// <param name="path">Absolute, with single slashes; one at its end does not count.</param>
    internal static bool Holds(string path) => All.Contains(path.TrimEnd('/'));
}
