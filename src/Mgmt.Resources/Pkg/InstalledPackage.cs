namespace Mgmt.Resources.Pkg;

/// <summary>How far a package is installed.</summary>
internal enum PackageState
{
    /// <summary>It is not there; its configuration may be.</summary>
    Absent,

    /// <summary>Something was ended in the middle of it: its files may be there, or not, or not be configured.</summary>
    Broken,

    /// <summary>It is there. Triggers may be pending, which others run.</summary>
    Installed,
}

/// <summary>What the package database says of one package.</summary>
/// <param name="State">How far it is installed.</param>
/// <param name="Version">Its version; empty when it is absent.</param>
/// <param name="Architecture">Its architecture.</param>
/// <param name="IsHeld">Whether somebody asked to leave it as it is (apt-mark hold).</param>
internal sealed record InstalledPackage(PackageState State, string Version, string Architecture, bool IsHeld)
{
    /// <summary>One that is not there.</summary>
    internal static InstalledPackage Absent { get; } = new(PackageState.Absent, "", "", IsHeld: false);

    internal bool IsInstalled => State == PackageState.Installed;
}

/// <summary>What is installed at one moment.</summary>
internal interface IInstalledPackages
{
    /// <summary>What is said of a package. Of several architectures the host's own comes first.</summary>
    InstalledPackage Find(PackageName package);
}

/// <summary>Where to learn what is installed.</summary>
internal interface IPackageDatabase
{
    /// <summary>Learns what is installed of some packages, or answers with what was read before when nothing changed since.</summary>
    /// <exception cref="Mgmt.Linux.Files.FileException">It cannot be read.</exception>
    /// <exception cref="Mgmt.Linux.Bus.BusException">Who knows it is not there.</exception>
    /// <exception cref="PackageKitException">Who knows it refuses.</exception>
    ValueTask<IInstalledPackages> ReadAsync(IReadOnlyList<PackageName> packages, CancellationToken cancel);
}
