using Mgmt.Linux.Inotify;
using Mgmt.Linux.Processes;

namespace Mgmt.Resources.Pkg;

/// <summary>What all packages of a host share.</summary>
internal sealed class PackageHost
{
    private readonly Lock _gate = new();
    private IPackageDatabase? _database;

    internal PackageHost(PackageKit packageKit, PathWatcher watcher, Spawner spawner, TimeProvider time, PackagePlace place)
    {
        (PackageKit, Watcher, Time) = (packageKit, watcher, time);
        Dpkg = new DpkgDatabase(place.Prefix);
        Lock = new PackageLock(watcher, time, place.Prefix);
        Repair = new DpkgRepair(spawner, time, place.Enter);
        Events = new PackageEvents(this, place.Prefix);
        Surveyor = new PkgSurveyor(this, new PackageContents(this, new PackageOffers(this, place.Prefix)));
    }

    internal PackageKit PackageKit { get; }

    internal PathWatcher Watcher { get; }

    internal TimeProvider Time { get; }

    internal DpkgDatabase Dpkg { get; }

    internal PackageLock Lock { get; }

    internal DpkgRepair Repair { get; }

    internal PackageEvents Events { get; }

    internal PkgSurveyor Surveyor { get; }

    /// <summary>Whether this host's packages are dpkg's.</summary>
    internal bool HasDpkg => Database == Dpkg;

    /// <summary>Where to learn what is installed; decided at the first use.</summary>
    /// <exception cref="Mgmt.Linux.Files.FileException">dpkg's database is there and cannot be read.</exception>
    internal IPackageDatabase Database
    {
        get
        {
            lock (_gate) return _database ??= Dpkg.IsInUse ? Dpkg : new PackageKitDatabase(PackageKit);
        }
    }
}

/// <summary>Where the host's files and programs are.</summary>
/// <param name="Prefix">What stands before its paths; empty but for tests.</param>
/// <param name="Enter">What stands before its commands; empty but for tests.</param>
internal sealed record PackagePlace(string Prefix, IReadOnlyList<string> Enter)
{
    /// <summary>This host.</summary>
    internal static PackagePlace Here { get; } = new("", []);
}
