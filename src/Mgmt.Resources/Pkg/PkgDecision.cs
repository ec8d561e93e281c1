namespace Mgmt.Resources.Pkg;

/// <summary>What has to be done to a package.</summary>
internal enum PkgAct
{
    /// <summary>Nothing: it is in order.</summary>
    None,

    /// <summary>Whether it is the newest has to be asked.</summary>
    Ask,
    Install,
    Update,
    Remove,
}

/// <summary>What follows from a wish and the facts.</summary>
/// <param name="Act">What to do.</param>
/// <param name="Wrong">What is wrong.</param>
/// <param name="Would">What would be done.</param>
internal sealed record PkgVerdict(PkgAct Act, string Wrong = "", string Would = "")
{
    internal static PkgVerdict InOrder { get; } = new(PkgAct.None);

    internal static PkgVerdict Unknown { get; } = new(PkgAct.Ask);
}

/// <summary>Decides what to do to a package, and tells of what was done: pure functions of what is wanted and what is there.</summary>
internal static class PkgDecision
{
    /// <summary>Decides.</summary>
    /// <param name="wish">What is wanted.</param>
    /// <param name="facts">What is there.</param>
    /// <param name="newest">The version that the installed one can be updated to; empty for none, null when that was not asked.</param>
    internal static PkgVerdict Decide(PkgWish wish, InstalledPackage facts, string? newest = null)
    {
        if (wish.State == PkgFields.Uninstalled)
            return facts.State == PackageState.Absent ? PkgVerdict.InOrder : new(PkgAct.Remove, facts.IsInstalled ? $"{facts.Version} is installed" : "half installed", "would remove it");
        if (!facts.IsInstalled) return new(PkgAct.Install, facts.State == PackageState.Absent ? "not installed" : "half installed", WouldInstall(wish.Version));
        if (wish.Version.Length > 0) return facts.Version == wish.Version ? PkgVerdict.InOrder : new(PkgAct.Install, $"{facts.Version} is installed", WouldInstall(wish.Version));
        // A held one shall stay as it is: who holds it knows of newer ones.
        if (wish.State == PkgFields.Installed || facts.IsHeld) return PkgVerdict.InOrder;
        if (newest is null) return PkgVerdict.Unknown;
        return newest.Length == 0 || newest == facts.Version ? PkgVerdict.InOrder : new(PkgAct.Update, $"{facts.Version} is installed", $"would update it to {newest}");
    }

    /// <summary>What was done, from what was there before and after.</summary>
    internal static string Tell(InstalledPackage before, InstalledPackage after) => (before.IsInstalled, after.State) switch
    {
        (_, PackageState.Absent) => "removed",
        (true, _) when before.Version != after.Version => $"installed {after.Version} in its place",
        _ => $"installed {after.Version}",
    };

    /// <summary>Whether two may share a transaction: what one allows the other must not get, and of a version that cannot be had only its own resource shall fail.</summary>
    internal static bool CanGroup(PkgWish one, PkgWish other) => one.State == other.State && one.Version.Length == 0 && one.Allowed == other.Allowed;

    private static string WouldInstall(string version) => version.Length > 0 ? $"would install {version}" : "would install it";
}
