using System.Text;
using Mgmt.Linux.Files;

namespace Mgmt.Resources.Pkg;

/// <summary>dpkg's database, read once for each version of its status file and shared by all packages.</summary>
/// <param name="prefix">What stands before dpkg's own paths; empty but for tests.</param>
internal sealed class DpkgDatabase(string prefix) : IPackageDatabase
{
    private const long LargestStatus = 1L << 30, LargestList = 64L << 20;

    private readonly Lock _gate = new();
    private readonly FileName _name = new(prefix + "/var/lib/dpkg/status");
    private (FileIdentity Identity, long Modified, long Size) _key;
    private DpkgStatus? _status;

    /// <summary>The file whose replacement is the event that always comes.</summary>
    internal FilePath StatusFile { get; } = new(prefix + "/var/lib/dpkg/status");

    /// <summary>The lists of files of installed packages.</summary>
    internal string InfoFolder { get; } = prefix + "/var/lib/dpkg/info";

    /// <summary>Whether this host's packages are dpkg's: the tool may be there on a host of another family, whose status does not know the tool itself.</summary>
    internal bool IsInUse => FileStatus.Look(_name, follow: true) is { Type: FileType.Regular, Size: > 0 } && Read().NativeArchitecture.Length > 0;

    public ValueTask<IInstalledPackages> ReadAsync(IReadOnlyList<PackageName> packages, CancellationToken cancel) => new(Read());

    /// <summary>Reads the status file, or answers with what was read before when it is still the same.</summary>
    /// <exception cref="FileException">It cannot be read.</exception>
    internal DpkgStatus Read()
    {
        lock (_gate)
        {
            var seen = FileStatus.Look(_name, follow: true) ?? throw new FileException($"cannot read {StatusFile.Text}: it is not there, as it is while dpkg replaces it after a crash; run dpkg --audit");
            var key = (seen.Identity, seen.Modified, seen.Size);
            if (_status is not null && key == _key) return _status;
            if (seen.Size > LargestStatus) throw new FileException($"cannot read {StatusFile.Text}: it has {seen.Size} bytes, which no status file has; see whether it is damaged");
            _status = Load();
            _key = key;
            return _status;
        }
    }

    /// <summary>The paths of an installed package; null when its list is not there.</summary>
    internal PackagePaths? ReadFiles(string name, string architecture)
    {
        try
        {
            foreach (var list in new[] { $"{InfoFolder}/{name}:{architecture}.list", $"{InfoFolder}/{name}.list" })
            {
                if (new FileInfo(list) is { Exists: true, Length: <= LargestList }) return PathsIn(list);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Removed at this moment, or damaged: nothing is known of it.
        }

        return null;
    }

    /// <summary>The paths in a list of files.</summary>
    internal static PackagePaths PathsIn(string list) => PackagePaths.From(System.IO.File.ReadLines(list));

    /// <summary>Which of some unit files, or of anything else below a directory called systemd, came with a package, and the list of files that names each.</summary>
    /// <exception cref="FileException">The lists cannot be read.</exception>
    internal IReadOnlyList<(string File, string List)> FindUnitFiles(ICollection<string> files)
    {
        try
        {
            return [.. Directory.EnumerateFiles(InfoFolder, "*.list").SelectMany(list => UnitFilesIn(list).Where(files.Contains).Select(file => (file, list)))];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new FileException($"cannot read the lists of files in {InfoFolder}: {error.Message}");
        }
    }

    // Nearly all lists have none, which a search of their bytes finds out.
    private static List<string> UnitFilesIn(string list)
    {
        var found = new List<string>();
        if (new FileInfo(list).Length > LargestList) return found;
        var bytes = System.IO.File.ReadAllBytes(list).AsSpan();
        for (var at = 0; bytes[at..].IndexOf("/systemd/"u8) is var next and >= 0;)
        {
            var start = bytes[..(at + next)].LastIndexOf((byte)'\n') + 1;
            var length = bytes[start..].IndexOf((byte)'\n');
            if (length < 0) break;
            found.Add(Encoding.UTF8.GetString(bytes.Slice(start, length)));
            at = start + length;
        }

        return found;
    }

    private DpkgStatus Load()
    {
        try
        {
            using var stream = new FileStream(StatusFile.Text, new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 });
            return DpkgStatus.Read(stream);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new FileException($"cannot read {StatusFile.Text}: {error.Message}");
        }
    }
}
