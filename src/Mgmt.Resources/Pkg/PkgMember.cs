using Mgmt.Engine.Kinds;

namespace Mgmt.Resources.Pkg;

/// <summary>One package's part of a check, from its first look to its result.</summary>
/// <param name="wish">What is wanted.</param>
/// <param name="apply">Whether it may be made so.</param>
internal sealed class PkgMember(PkgWish wish, bool apply)
{
    private (InstalledPackage Facts, string Wrong) _before = (InstalledPackage.Absent, "");

    internal PkgWish Wish => wish;

    /// <summary>What is there.</summary>
    internal InstalledPackage Facts { get; private set; } = InstalledPackage.Absent;

    internal PkgVerdict Verdict { get; private set; } = PkgVerdict.InOrder;

    /// <summary>What it can be updated to; null for nothing, or when that was not asked.</summary>
    internal PackageId? Update { get; set; }

    /// <summary>How often it was part of a change.</summary>
    internal int Tries { get; private set; }

    /// <summary>Why it is not in order, a sentence that begins with "cannot"; empty while nothing failed.</summary>
    internal string Error { get; private set; } = "";

    /// <summary>Whether it failed for want of PackageKit or the bus.</summary>
    internal bool NeedsPackageKit { get; private set; }

    /// <summary>Whether something has to be done and nothing forbids it.</summary>
    internal bool IsDue => apply && Error.Length == 0 && Verdict.Act is (PkgAct.Install or PkgAct.Update or PkgAct.Remove);

    internal string Verb => Verdict.Act switch
    {
        PkgAct.Remove => "remove",
        PkgAct.Update => "update",
        PkgAct.Ask => "find the newest version of",
        _ => "install",
    };

    /// <summary>Takes what is there now, and decides.</summary>
    internal void Look(IInstalledPackages installed, bool knowsUpdates)
    {
        Facts = installed.Find(wish.Package);
        Verdict = PkgDecision.Decide(wish, Facts, knowsUpdates ? Update?.Version ?? "" : null);
        if (Verdict.Act == PkgAct.None) Error = "";
    }

    /// <summary>It is part of a change from now on: what was wrong before the first of them is told in the end, not what others did before that.</summary>
    internal void Begin()
    {
        if (Tries++ == 0) _before = (Facts, Verdict.Wrong);
    }

    internal void Fail(string why, bool needsPackageKit = false) =>
        (Error, NeedsPackageKit) = ($"cannot {Verb} package {wish.Package.Text}: {why}", needsPackageKit);

    internal CheckResult Conclude()
    {
        if (Error.Length > 0) return CheckResult.Failed(Error);
        if (Verdict.Act != PkgAct.None) return CheckResult.WouldChange(Verdict.Wrong, Verdict.Would);
        // Others may have done it while their lock was waited for.
        return Tries == 0 ? CheckResult.InOrder : CheckResult.Changed(_before.Wrong, PkgDecision.Tell(_before.Facts, Facts));
    }
}
