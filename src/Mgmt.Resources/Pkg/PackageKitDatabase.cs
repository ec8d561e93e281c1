namespace Mgmt.Resources.Pkg;

/// <summary>What is installed, by PackageKit's answer: for hosts whose package database is none that is read here.</summary>
internal sealed class PackageKitDatabase(PackageKit packageKit) : IPackageDatabase
{
    public async ValueTask<IInstalledPackages> ReadAsync(IReadOnlyList<PackageName> packages, CancellationToken cancel)
    {
        var lines = await packageKit.ResolveAsync(PackageKit.OnlyInstalled, packages.Select(static one => one.Text).Distinct(), cancel);
        return new Answer(lines.Where(static line => line.Info == PackageInfo.Installed).ToLookup(static line => line.Id.Name, static line => line.Id, StringComparer.Ordinal));
    }

    private sealed class Answer(ILookup<string, PackageId> found) : IInstalledPackages
    {
        public InstalledPackage Find(PackageName package)
        {
            var ids = found[package.Name].Where(id => package.Architecture.Length == 0 || id.Architecture == package.Architecture).ToList();
            return ids.Count == 0 ? InstalledPackage.Absent : new InstalledPackage(PackageState.Installed, ids[^1].Version, ids[^1].Architecture, IsHeld: false);
        }
    }
}
