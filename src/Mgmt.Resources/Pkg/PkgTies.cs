using System.Collections;
using Mgmt.Engine.Kinds;

namespace Mgmt.Resources.Pkg;

/// <summary>
/// What a package is tied to by its contents: it comes before the units, files and directories that it brings, and whoever runs one of its programs finds it by that
/// program's path. All of it is made from the paths anew whenever it is read: few of them concern anybody.
/// </summary>
internal static class PkgTies
{
    private const int MostPrograms = 4096;

    // On hosts with a merged /usr, as all are by now, these are the same directories.
    private static readonly string[] Merged = ["/bin/", "/sbin/", "/lib/", "/lib64/", "/lib32/"];

    // Directories that no package brings: half of all packages have files in them, and who manages one of them does not mean those packages.
    private static readonly HashSet<string> Common =
    [
        "/bin/", "/boot/", "/etc/", "/etc/cron.d/", "/etc/cron.daily/", "/etc/default/", "/etc/init.d/", "/etc/logrotate.d/", "/etc/pam.d/", "/etc/systemd/", "/etc/systemd/system/",
        "/etc/bash_completion.d/", "/lib/", "/lib/systemd/", "/lib/systemd/system/", "/lib/udev/", "/lib/udev/rules.d/", "/lib64/", "/opt/", "/run/", "/sbin/", "/srv/", "/usr/", "/usr/bin/",
        "/usr/games/", "/usr/include/", "/usr/lib/", "/usr/lib64/", "/usr/lib/systemd/", "/usr/lib/systemd/system/", "/usr/lib/tmpfiles.d/", "/usr/lib/sysusers.d/", "/usr/libexec/",
        "/usr/local/", "/usr/sbin/", "/usr/share/", "/usr/share/doc/", "/usr/share/man/", "/usr/src/", "/var/", "/var/cache/", "/var/lib/", "/var/log/", "/var/spool/", "/var/tmp/", "/tmp/",
    ];

    private static readonly string[] UnitFolders = ["/lib/systemd/system/", "/usr/lib/systemd/system/", "/etc/systemd/system/"];
    private static readonly string[] UnitSuffixes = [".service", ".socket", ".mount", ".automount", ".swap", ".target", ".path", ".timer", ".slice"];

    internal static Ties Of(PackagePaths paths) => new([.. Programs(paths).Take(MostPrograms)], new Wishes(paths));

    /// <summary>
    /// What ties a package's files to its units: whoever manages one of the files changes what the units read, and so does who puts another into a directory of its configuration. Null
    /// for a package without units.
    /// </summary>
    internal static Bond? Between(PackagePaths paths)
    {
        var units = paths.Select(UnitAt).Where(static unit => unit.Length > 0).Distinct(StringComparer.Ordinal).Select(static unit => new Identity("unit", unit)).ToList();
        return units.Count == 0 ? null : new Bond(Configuration(paths), units, Notify: true);
    }

    /// <summary>The same for one of its units.</summary>
    internal static Bond Between(PackagePaths paths, string unit) => new(Configuration(paths), [new Identity("unit", unit)], Notify: true);

    private static IEnumerable<Identity> Configuration(PackagePaths paths)
    {
        foreach (var path in paths)
        {
            if (Common.Contains(path)) continue;
            foreach (var name in NamesOf(path)) yield return name;
            if (path.EndsWith('/') && path.StartsWith("/etc/", StringComparison.Ordinal)) yield return Identity.In(path);
        }
    }

    /// <summary>The name of the unit whose file stands at a path; empty for none. systemd makes one of each init script too.</summary>
    internal static string UnitAt(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        var folder = path[..^name.Length];
        if (folder == "/etc/init.d/" && name.Length > 0) return name + ".service";
        return Array.IndexOf(UnitFolders, folder) >= 0 && Array.Exists(UnitSuffixes, suffix => name.EndsWith(suffix, StringComparison.Ordinal)) ? name : "";
    }

    /// <summary>The paths of what can be run, each by both of its names.</summary>
    private static IEnumerable<Identity> Programs(PackagePaths paths) => paths.Where(IsProgram).SelectMany(Aliases).Select(Identity.Program);

    // Which of them may be executed not every list of files says; what is none is wished for by nobody.
    private static bool IsProgram(string path)
    {
        if (path.EndsWith('/')) return false;
        if (path.Contains("/bin/", StringComparison.Ordinal) || path.Contains("/sbin/", StringComparison.Ordinal) || path.Contains("/games/", StringComparison.Ordinal)) return !path.StartsWith("/usr/share/", StringComparison.Ordinal);
        if (!path.Contains("/lib/", StringComparison.Ordinal) && !path.Contains("/libexec/", StringComparison.Ordinal)) return false;
        var name = path.AsSpan(path.LastIndexOf('/') + 1);
        return !name.Contains('.') || name.EndsWith(".sh") || name.EndsWith(".py") || name.EndsWith(".pl");
    }

    /// <summary>A path, and the other by which it is known on a host with a merged /usr.</summary>
    internal static IEnumerable<string> Aliases(string path)
    {
        yield return path;
        if (Alias(path) is { } alias) yield return alias;
    }

    private static string? Alias(string path)
    {
        if (Array.Exists(Merged, folder => path.StartsWith(folder, StringComparison.Ordinal))) return "/usr" + path;
        return path.StartsWith("/usr/", StringComparison.Ordinal) && Array.Exists(Merged, folder => path.AsSpan(4).StartsWith(folder)) ? path[4..] : null;
    }

    /// <summary>By what a path may be known: lists of files do not always say what an empty directory is.</summary>
    private static IEnumerable<Identity> NamesOf(string path)
    {
        foreach (var one in Aliases(path))
        {
            yield return Identity.Path(one);
            if (!one.EndsWith('/')) yield return Identity.Path(one + "/");
        }
    }

    private sealed class Wishes(PackagePaths paths) : IReadOnlyList<EdgeWish>
    {
        private int _count = -1;

        public int Count => _count >= 0 ? _count : _count = All().Count();

        public EdgeWish this[int index] => All().ElementAt(index);

        public IEnumerator<EdgeWish> GetEnumerator() => All().GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        private IEnumerable<EdgeWish> All()
        {
            foreach (var path in paths)
            {
                if (Common.Contains(path)) continue;
                yield return new EdgeWish(NamesOf(path), WishOrder.Before);
                if (UnitAt(path) is { Length: > 0 } unit) yield return new EdgeWish([new Identity("unit", unit)], WishOrder.Before);
            }
        }
    }
}
