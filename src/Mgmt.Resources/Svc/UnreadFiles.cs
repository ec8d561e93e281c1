using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Mgmt.Linux.Files;

namespace Mgmt.Resources.Svc;

/// <summary>
/// What is on disk of units' files and systemd has not read. Its own word for it errs both ways (seen with 252): it does not notice a drop-in whose directory is new as well, and of one that it
/// cannot read, as a link that leads nowhere, it says for ever that it has to be read. So the first is looked for here; and once systemd has read its files, that state of them is let be.
/// </summary>
/// <param name="prefix">What stands before systemd's own paths; empty but for tests.</param>
internal sealed class UnreadFiles(string prefix)
{
    private const int MostEntries = 1000;

    private readonly ConcurrentDictionary<string, string> _ignored = new(StringComparer.Ordinal);
    private volatile string[] _folders = [];

    /// <summary>The directories of unit files, the most important first.</summary>
    internal string[] Folders
    {
        get => _folders;
        set => _folders = value;
    }

    /// <summary>Whether there is a drop-in for the unit that is not among those that systemd has read.</summary>
    internal bool HasDropIn(string unit, IReadOnlyList<string> read)
    {
        var folders = _folders;
        for (var i = 0; i < folders.Length; i++)
        {
            foreach (var name in UnitFiles.DropInFolders(unit))
            {
                var folder = $"{folders[i]}/{name}";
                if (!Directory.Exists(folder)) continue;
                foreach (var file in Directory.EnumerateFiles(folder, "*.conf"))
                {
                    if (!IsRead(file, read, folders.AsSpan(0, i))) return true;
                }
            }
        }

        return false;
    }

    /// <summary>The state of the unit's files, as a text that differs when anything of them does; empty when that state is to be let be.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="words">What systemd says of them.</param>
    internal string Find(string unit, string words)
    {
        var state = new StringBuilder(words);
        foreach (var entry in _folders.SelectMany(folder => EntriesIn(folder, unit)).Take(MostEntries))
        {
            state.Append(CultureInfo.InvariantCulture, $"\n{entry.FullName} {entry.LastWriteTimeUtc.Ticks} {entry.LinkTarget}");
        }

        return _ignored.TryGetValue(unit, out var ignored) && state.Equals(ignored) ? "" : state.ToString();
    }

    /// <summary>The path, as systemd says it, of an empty file of the unit's name; empty when there is none. A link, as a mask is, is no such file.</summary>
    internal string FindEmpty(string unit) =>
        _folders.Select(folder => new FileInfo($"{folder}/{unit}")).FirstOrDefault(static file => file is { Exists: true, LinkTarget: null, Length: 0 })?.FullName[prefix.Length..] ?? "";

    /// <summary>Lets a state be until it changes.</summary>
    internal void Ignore(string unit, string state) => _ignored[unit] = state;

    /// <summary>Whether one of the files was written, or put in its place, after a time. Of a file from a package only the time of its last change tells that.</summary>
    /// <param name="paths">Its own and those of its drop-ins; the empty one is none.</param>
    /// <param name="than">Microseconds since 1970.</param>
    /// <exception cref="FileException">It cannot be looked at.</exception>
    internal bool IsAnyNewer(IEnumerable<string> paths, ulong than) =>
        paths.Any(path => path.Length > 0 && FileStatus.Look(new FilePath(prefix + path).Full, follow: true) is { } file && (ulong)file.Changed / 1000 > than);

    private static IEnumerable<FileSystemInfo> EntriesIn(string folder, string unit) =>
        UnitFiles.Names(unit).Select(FileSystemInfo (name) => new FileInfo($"{folder}/{name}"))
            .Concat(UnitFiles.DropInFolders(unit).Select(name => new DirectoryInfo($"{folder}/{name}")).Where(static found => found.Exists).SelectMany(static found => found.EnumerateFileSystemInfos()))
            .Where(static entry => entry.Exists || entry.LinkTarget is not null);

    // Of several with one name only that in the first directory is read.
    private bool IsRead(string file, IReadOnlyList<string> read, ReadOnlySpan<string> above)
    {
        foreach (var one in read)
        {
            var path = prefix + one;
            if (path == file) return true;
            if (Path.GetFileName(path) != Path.GetFileName(file)) continue;
            foreach (var folder in above)
            {
                if (path.StartsWith(folder + '/', StringComparison.Ordinal)) return true;
            }
        }

        return false;
    }
}
