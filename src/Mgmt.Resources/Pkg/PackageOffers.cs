using System.Globalization;
using System.Text;
using Mgmt.Linux.Files;

namespace Mgmt.Resources.Pkg;

/// <summary>
/// Which version of a package would be installed. Asking PackageKit costs up to a second with a full index, so the answers are kept for as long as apt's index and
/// its settings are the same files.
/// </summary>
internal sealed class PackageOffers(PackageHost host, string prefix)
{
    private const string FileName = "offers";
    private static readonly string[] Sources = ["/var/lib/apt/lists", "/etc/apt/sources.list", "/etc/apt/sources.list.d", "/etc/apt/preferences", "/etc/apt/preferences.d", "/etc/apt/apt.conf.d"];

    private readonly Dictionary<string, PackageId> _known = new(StringComparer.Ordinal);
    private string _key = "";

    /// <summary>What is known to be offered of packages without asking anybody.</summary>
    internal Dictionary<PackageName, PackageId> Recall(IReadOnlyList<PackageName> packages, PackageCache? cache)
    {
        var key = host.HasDpkg ? Key() : "";
        if (key.Length == 0 || key != _key) Load(key, cache);
        return packages.Where(one => _known.ContainsKey(one.Text)).Distinct().ToDictionary(static one => one, one => _known[one.Text]);
    }

    /// <summary>Finds what is offered of packages. Those that are not offered are not in the answer.</summary>
    /// <exception cref="PackageKitException">PackageKit refused.</exception>
    /// <exception cref="Linux.Bus.BusException">It is not there.</exception>
    internal async Task<Dictionary<PackageName, PackageId>> FindAsync(IReadOnlyList<PackageName> packages, PackageCache? cache, CancellationToken cancel)
    {
        var recalled = Recall(packages, cache);
        var unknown = packages.Where(one => !recalled.ContainsKey(one)).Distinct().ToList();
        var count = _known.Count;
        foreach (var alike in unknown.GroupBy(static one => one.Architecture.Length > 0))
        {
            var filter = PackageKit.OnlyNewest | (alike.Key ? 0 : PackageKit.OnlyNative);
            var lines = await host.PackageKit.ResolveAsync(filter, alike.Select(static one => one.Text), cancel);
            foreach (var package in alike) Take(package, lines);
        }

        if (_known.Count > count && _key.Length > 0 && cache is not null) await cache.WriteAsync(FileName, Lines(), cancel);
        return packages.Where(one => _known.ContainsKey(one.Text)).Distinct().ToDictionary(static one => one, one => _known[one.Text]);
    }

    private void Take(PackageName package, IReadOnlyList<PackageLine> lines)
    {
        var fitting = lines.Where(line => line.Id.Name == package.Name && (package.Architecture.Length == 0 || line.Id.Architecture == package.Architecture || line.Id.Architecture is "all" or "noarch")).ToList();
        if (fitting.Count > 0) _known[package.Text] = fitting.Find(static line => line.Info == PackageInfo.Available) is { Id.Name: not null } available ? available.Id : fitting[0].Id;
    }

    private void Load(string key, PackageCache? cache)
    {
        _known.Clear();
        _key = key;
        if (key.Length == 0 || cache?.Read(FileName) is not { } bytes) return;
        var lines = Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0 || lines[0] != key) return;
        foreach (var line in lines.Skip(1))
        {
            if (line.Split('\t') is [var name, var id] && PackageId.Parse(id) is { } offered) _known[name] = offered;
        }
    }

    private byte[] Lines() => Encoding.UTF8.GetBytes(string.Concat(_known.Select(static one => $"{one.Key}\t{one.Value.Text}\n").Prepend(_key + "\n")));

    private string Key() => string.Join(' ', Sources.Select(source => FileStatus.Look(new FileName(prefix + source), follow: true) is { } seen
        ? string.Create(CultureInfo.InvariantCulture, $"{seen.Identity.Inode}:{seen.Modified}:{seen.Size}") : "-"));
}
