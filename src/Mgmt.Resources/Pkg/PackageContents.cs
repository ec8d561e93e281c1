using System.Diagnostics.CodeAnalysis;
using Mgmt.Linux.Bus;
using Mgmt.Linux.Files;

namespace Mgmt.Resources.Pkg;

/// <summary>What is known of packages' contents.</summary>
/// <param name="Known">Each package with the version that the paths are of.</param>
/// <param name="Missing">Why of some nothing is known, a sentence that begins with "cannot"; null when nothing is missing.</param>
/// <param name="NeedsPackageKit">Whether it is PackageKit or the bus that is away.</param>
internal sealed record PackageContentsAnswer(IReadOnlyDictionary<PackageName, (PackageId Id, PackagePaths Paths)> Known, string? Missing, bool NeedsPackageKit);

/// <summary>
/// Finds the files and directories of packages, installed or not: of installed ones in dpkg's own lists, of others by PackageKit. Debian's PackageKit knows the files of
/// packages that are there alone, so the others are downloaded into apt's cache, where their installation finds them, and looked into. All packages are asked for at once.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore that is only awaited holds nothing.")]
internal sealed class PackageContents(PackageHost host, PackageOffers offers)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim _turn = new(1);
    private Dictionary<PackageId, PackagePaths> _recent = [];

    /// <summary>Finds them.</summary>
    /// <param name="packages">Which; the answer leaves out those that neither are installed nor are offered.</param>
    /// <param name="cache">What is kept on the disk; null for nothing.</param>
    /// <param name="cancel">Ends the questions.</param>
    internal async Task<PackageContentsAnswer> FindAsync(IReadOnlyList<PackageName> packages, PackageCache? cache, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        var known = new Dictionary<PackageName, (PackageId Id, PackagePaths Paths)>();
        try
        {
            if (host.HasDpkg) FindInstalled(packages, known);
            var others = packages.Where(one => !known.ContainsKey(one)).Distinct().ToList();
            var problem = others.Count > 0 ? await FindOthersAsync(others, known, cache, limit.Token) : "";
            return Answer(known, packages, problem, needsPackageKit: false);
        }
        catch (BusException away)
        {
            return Answer(known, packages, away.Message, away.IsAway);
        }
        catch (Exception error) when (error is PackageKitException or FileException)
        {
            return Answer(known, packages, error.Message, needsPackageKit: false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Answer(known, packages, $"PackageKit did not answer within {Patience.TotalMinutes} min", needsPackageKit: false);
        }
        finally
        {
            // What nobody asks for any more need not be kept.
            _recent = known.Values.DistinctBy(static one => one.Id).ToDictionary(static one => one.Id, static one => one.Paths);
            _turn.Release();
        }
    }

    private static PackageContentsAnswer Answer(Dictionary<PackageName, (PackageId, PackagePaths)> known, IReadOnlyList<PackageName> packages, string problem, bool needsPackageKit)
    {
        if (problem.Length == 0) return new(known, null, needsPackageKit);
        var missing = packages.Where(one => !known.ContainsKey(one)).Select(static one => one.Text).Distinct().ToList();
        const int MostNamed = 5;
        var named = string.Join(", ", missing.Take(MostNamed)) + (missing.Count > MostNamed ? $" and {missing.Count - MostNamed} more" : "");
        return new(known, $"cannot find the files of {(missing.Count == 1 ? "package" : "packages")} {named}: {problem}; automatic edges to what they bring are left out", needsPackageKit);
    }

    private void FindInstalled(IReadOnlyList<PackageName> packages, Dictionary<PackageName, (PackageId, PackagePaths)> known)
    {
        var status = host.Dpkg.Read();
        foreach (var package in packages.Distinct())
        {
            var facts = status.Find(package);
            if (!facts.IsInstalled) continue;
            var id = new PackageId(package.Name, facts.Version, facts.Architecture, "installed");
            if ((_recent.GetValueOrDefault(id) ?? host.Dpkg.ReadFiles(package.Name, facts.Architecture)) is { } paths) known[package] = (id, paths);
        }
    }

    /// <returns>What went wrong, as a clause; empty when nothing did.</returns>
    private async Task<string> FindOthersAsync(List<PackageName> packages, Dictionary<PackageName, (PackageId, PackagePaths)> known, PackageCache? cache, CancellationToken cancel)
    {
        // What needs nobody's answer comes first: the rest may have to do without.
        Recall(offers.Recall(packages, cache), known, cache);
        packages = [.. packages.Where(one => !known.ContainsKey(one))];
        if (packages.Count == 0) return "";
        var offered = await offers.FindAsync(packages, cache, cancel);
        Recall(offered, known, cache);
        var unknown = offered.Where(one => !known.ContainsKey(one.Key)).ToList();
        if (unknown.Count == 0) return "";
        var (found, problem) = await AskAsync([.. unknown.Select(static one => one.Value).Distinct()], cancel);
        foreach (var (package, id) in unknown)
        {
            if (!found.TryGetValue(Key(id), out var paths)) continue;
            known[package] = (id, paths);
            if (cache is not null) await cache.WriteAsync(Key(id), paths.Lines, cancel);
        }

        return problem;
    }

    private void Recall(Dictionary<PackageName, PackageId> offered, Dictionary<PackageName, (PackageId, PackagePaths)> known, PackageCache? cache)
    {
        foreach (var (package, id) in offered)
        {
            if ((_recent.GetValueOrDefault(id) ?? FromCache(id, cache)) is { } paths) known[package] = (id, paths);
        }
    }

    private async Task<(Dictionary<string, PackagePaths> Found, string Problem)> AskAsync(List<PackageId> ids, CancellationToken cancel)
    {
        try
        {
            return (await FetchAsync(ids, cancel), "");
        }
        catch (PackageKitException refused) when (ids.Count == 1)
        {
            return ([], refused.Message);
        }
        catch (PackageKitException)
        {
            // One of them cannot be had: the others shall not suffer.
            var (all, problem) = (new Dictionary<string, PackagePaths>(StringComparer.Ordinal), "");
            foreach (var id in ids)
            {
                var (found, its) = await AskAsync([id], cancel);
                foreach (var (key, paths) in found) all[key] = paths;
                if (its.Length > 0) problem = its;
            }

            return (all, problem);
        }
    }

    private async Task<Dictionary<string, PackagePaths>> FetchAsync(List<PackageId> ids, CancellationToken cancel)
    {
        var files = await FilesAsync(ids, cancel);
        var found = new Dictionary<string, PackagePaths>(StringComparer.Ordinal);
        foreach (var (text, paths) in files)
        {
            if (PackageId.Parse(text) is { } id) found[Key(id)] = PackagePaths.From(paths);
        }

        return found;
    }

    private async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> FilesAsync(List<PackageId> ids, CancellationToken cancel)
    {
        if (!host.HasDpkg) return await host.PackageKit.FilesAsync(ids, cancel);
        var archives = await host.PackageKit.DownloadAsync(ids, cancel);
        return await host.PackageKit.FilesInAsync(archives.Values.SelectMany(static paths => paths), cancel);
    }

    private static PackagePaths? FromCache(PackageId id, PackageCache? cache) => cache?.Read(Key(id)) is { } lines ? PackagePaths.FromLines(lines) : null;

    private static string Key(PackageId id) => $"{id.Name}_{id.Version}_{id.Architecture}";
}
