namespace Mgmt.Resources.Pkg;

/// <summary>
/// Changes several packages at once: finds the one version of each that is meant, and has PackageKit do it in one transaction for each kind of change. Who cannot
/// be had is failed before, and left out.
/// </summary>
internal sealed class PkgChange(PackageKit packageKit)
{
    /// <summary>Does what is due to all of them.</summary>
    /// <exception cref="PackageKitException">PackageKit refused; which of them is at fault it does not say.</exception>
    /// <exception cref="Mgmt.Linux.Bus.BusException">It is not there.</exception>
    internal async Task RunAsync(IReadOnlyList<PkgMember> due, CancellationToken cancel)
    {
        foreach (var alike in due.GroupBy(static one => (one.Verdict.Act, one.Wish.Allowed)).ToList())
        {
            await (alike.Key.Act switch
            {
                PkgAct.Remove => RemoveAsync([.. alike], cancel),
                PkgAct.Update => UpdateAsync([.. alike], alike.Key.Allowed, cancel),
                _ => InstallAsync([.. alike], alike.Key.Allowed, cancel),
            });
        }
    }

    /// <summary>What the installed version can be updated to, among PackageKit's updates.</summary>
    internal static PackageId? FindUpdate(IReadOnlyList<PackageLine> updates, PkgMember member)
    {
        // The rest would be removed, installed beside, or cannot be updated now.
        var found = updates.FirstOrDefault(line => line.IsUpdate && line.Id.Name == member.Wish.Package.Name && (line.Id.Architecture == member.Facts.Architecture || line.Id.Architecture is "all" or "noarch"));
        return found.IsUpdate ? found.Id : null;
    }

    private async Task InstallAsync(IReadOnlyList<PkgMember> members, PkgAllowed allowed, CancellationToken cancel)
    {
        var chosen = await new PkgOffers(packageKit, allowed).ChooseAsync(members, cancel);
        if (chosen.Count == 0) return;
        foreach (var member in chosen.Keys) member.Begin();
        var flags = TrustOf(allowed) | (chosen.Keys.Any(static one => one.Wish.Version.Length > 0) ? PackageKit.AllowDowngrade : 0);
        await packageKit.InstallAsync(flags, chosen.Values, cancel);
    }

    private async Task UpdateAsync(IReadOnlyList<PkgMember> members, PkgAllowed allowed, CancellationToken cancel)
    {
        foreach (var member in members) member.Begin();
        await packageKit.UpdateAsync(TrustOf(allowed), members.Select(static one => one.Update!.Value), cancel);
    }

    private async Task RemoveAsync(IReadOnlyList<PkgMember> members, CancellationToken cancel)
    {
        var lines = await packageKit.ResolveAsync(PackageKit.NoFilter, members.Select(static one => one.Wish.Package.Text), cancel);
        var chosen = new Dictionary<PkgMember, PackageId>();
        foreach (var member in members)
        {
            var id = lines.Select(static line => line.Id).FirstOrDefault(id => id.Name == member.Wish.Package.Name && id.Version == member.Facts.Version && id.Architecture == member.Facts.Architecture);
            if (id.Name is null) member.Fail("PackageKit does not know what is installed of it");
            else chosen.Add(member, id);
        }

        if (chosen.Count == 0) return;
        await RefuseWhatOthersNeedAsync(chosen, cancel);
        foreach (var member in chosen.Keys) member.Begin();
        await packageKit.RemoveAsync(PackageKit.NoFlag, chosen.Values, cancel);
    }

    // Not every backend heeds the argument that says so: what would go with them is asked before.
    private async Task RefuseWhatOthersNeedAsync(Dictionary<PkgMember, PackageId> chosen, CancellationToken cancel)
    {
        var planned = await packageKit.RemoveAsync(PackageKit.Simulate, chosen.Values, cancel);
        var names = chosen.Values.Select(static id => (id.Name, id.Architecture)).ToHashSet();
        var others = planned.Where(line => line.Info is PackageInfo.Removing or PackageInfo.Obsoleting && !names.Contains((line.Id.Name, line.Id.Architecture)))
            .Select(static line => line.Id.Name).Distinct().Order(StringComparer.Ordinal).ToList();
        if (others.Count == 0) return;
        const int MostNamed = 10;
        var named = string.Join(", ", others.Take(MostNamed)) + (others.Count > MostNamed ? $" and {others.Count - MostNamed} more" : "");
        throw new PackageKitException(PackageError.Unknown, $"installed packages need it: {named}; have them uninstalled too, or leave it");
    }

    private static ulong TrustOf(PkgAllowed allowed) => allowed.Untrusted ? PackageKit.NoFlag : PackageKit.OnlyTrusted;
}
