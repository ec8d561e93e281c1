namespace Mgmt.Resources.Pkg;

/// <summary>Finds the one offered version of each package that is meant.</summary>
/// <param name="packageKit">Whom to ask.</param>
/// <param name="allowed">What they may be; the same for all.</param>
internal sealed class PkgOffers(PackageKit packageKit, PkgAllowed allowed)
{
    private readonly ulong _filter = (allowed.NonFree ? 0 : PackageKit.OnlyFree) | (allowed.Unsupported ? 0 : PackageKit.OnlySupported);

    /// <summary>Chooses. A package that cannot be had is failed, and is not in the answer.</summary>
    internal async Task<Dictionary<PkgMember, PackageId>> ChooseAsync(IReadOnlyList<PkgMember> members, CancellationToken cancel)
    {
        var chosen = new Dictionary<PkgMember, PackageId>();
        // PackageKit answers for the host's own architecture alone, or for that which a name asks for.
        foreach (var alike in members.GroupBy(static one => one.Wish.Package.Architecture.Length > 0))
        {
            var filter = _filter | PackageKit.OnlyNewest | (alike.Key ? 0 : PackageKit.OnlyNative);
            var lines = await packageKit.ResolveAsync(filter, Names(alike), cancel);
            List<PkgMember> missing = [];
            foreach (var member in alike)
            {
                if (Choose(lines, member) is { } id) chosen.Add(member, id);
                else if (member.Wish.Version.Length > 0 && await FindVersionAsync(member, cancel) is { } older) chosen.Add(member, older);
                else missing.Add(member);
            }

            if (missing.Count > 0) await ExplainAsync(missing, alike.Key, cancel);
        }

        return chosen;
    }

    private static PackageId? Choose(IReadOnlyList<PackageLine> lines, PkgMember member)
    {
        var wish = member.Wish;
        var fitting = lines.Where(line => Fits(line.Id, wish) && (wish.Version.Length == 0 || line.Id.Version == wish.Version)).ToList();
        // One that is there in part only may be told as installed: it is installed anew.
        return fitting.Find(static line => line.Info == PackageInfo.Available) is { Id.Name: not null } available ? available.Id : fitting.Count > 0 ? fitting[0].Id : null;
    }

    private static bool Fits(PackageId id, PkgWish wish) =>
        id.Name == wish.Package.Name && (wish.Package.Architecture.Length == 0 || id.Architecture == wish.Package.Architecture || id.Architecture is "all" or "noarch");

    /// <summary>Asks for one version that is not the newest. Whoever does not have it answers with another.</summary>
    private async Task<PackageId?> FindVersionAsync(PkgMember member, CancellationToken cancel)
    {
        var known = await packageKit.ResolveAsync(PackageKit.NoFilter, [member.Wish.Package.Text], cancel);
        var ids = known.Where(line => Fits(line.Id, member.Wish)).Select(line => line.Id with { Version = member.Wish.Version }).Distinct().ToList();
        if (ids.Count == 0) return null;
        return Choose(await packageKit.ResolveAsync(_filter == 0 ? PackageKit.NoFilter : _filter, ids.Select(static id => id.Text), cancel), member);
    }

    /// <summary>Why they cannot be had: what the filters keep back is told from what is not there.</summary>
    private async Task ExplainAsync(List<PkgMember> missing, bool isForeign, CancellationToken cancel)
    {
        var all = await packageKit.ResolveAsync(isForeign ? PackageKit.NoFilter : PackageKit.OnlyNative, Names(missing), cancel);
        foreach (var member in missing)
        {
            var versions = all.Where(line => Fits(line.Id, member.Wish)).Select(static line => line.Id.Version).Distinct().ToList();
            var isKeptBack = versions.Count > 0 && (member.Wish.Version.Length == 0 || versions.Contains(member.Wish.Version));
            if (versions.Count == 0) member.Fail("the repositories offer no such package; see whether the name is right, and run apt-get update or the like");
            else if (isKeptBack) member.Fail($"the repositories offer {string.Join(", ", versions)}, but {KeptBack()}");
            else member.Fail($"the repositories do not offer version {member.Wish.Version}; PackageKit knows of {string.Join(", ", versions)}");
        }
    }

    private string KeptBack() => (allowed.NonFree, allowed.Unsupported) switch
    {
        (false, true) => "not as free; set allownonfree: true to take it all the same",
        (true, false) => "not from the distribution itself; set allowunsupported: true to take it all the same",
        _ => "not as free and from the distribution itself; set allownonfree: true or allowunsupported: true to take it all the same",
    };

    private static IEnumerable<string> Names(IEnumerable<PkgMember> members) => members.Select(static one => one.Wish.Package.Text).Distinct();
}
