using System.Diagnostics.CodeAnalysis;

namespace Mgmt.Resources.Pkg;

/// <summary>What went wrong in one of PackageKit's transactions. The numbers are PackageKit's own (pk-enum.h, PkErrorEnum); those that are told apart here.</summary>
internal enum PackageError
{
    None = -1,
    Unknown = 0,
    NoNetwork = 2,
    NotSupported = 3,
    PackageNotFound = 8,
    AlreadyInstalled = 9,
    DownloadFailed = 10,
    DependencyResolutionFailed = 13,
    Cancelled = 17,
    CannotRemoveSystemPackage = 20,
    CannotGetLock = 26,
    AllAlreadyInstalled = 41,
    NoSpace = 46,
    NotAuthorized = 48,
    InstallUnsigned = 50,
    UpdateUnsigned = 51,
    LockRequired = 67,
}

/// <summary>A transaction of PackageKit's failed. The message is a clause, without "cannot": the caller knows what it wanted.</summary>
/// <param name="error">Which kind of failure.</param>
/// <param name="details">PackageKit's own words.</param>
[SuppressMessage("Design", "CA1064", Justification = "It does not leave this folder.")]
internal sealed class PackageKitException(PackageError error, string details) : Exception(Explain(error, details))
{
    private const int LongestDetails = 600;

    /// <summary>Which kind of failure.</summary>
    internal PackageError Error => error;

    /// <summary>Whether another program held the lock of the package database.</summary>
    internal bool IsLocked => error is PackageError.CannotGetLock or PackageError.LockRequired && !IsInterrupted;

    /// <summary>Whether an earlier run of dpkg was killed, and has to be brought to its end first.</summary>
    internal bool IsInterrupted => details.Contains("dpkg --configure -a", StringComparison.Ordinal) || details.Contains("dpkg was interrupted", StringComparison.Ordinal);

    private static string Explain(PackageError error, string details)
    {
        var words = Tidy(details);
        return error switch
        {
            PackageError.NoNetwork => "there is no network to fetch it over",
            PackageError.DownloadFailed => $"it could not be downloaded ({words}); check the network, or run apt-get update",
            PackageError.DependencyResolutionFailed => $"its dependencies cannot be met ({words})",
            PackageError.CannotRemoveSystemPackage => $"the host needs it ({words})",
            PackageError.NoSpace => $"the disk is full ({words})",
            PackageError.NotAuthorized => $"PackageKit does not allow it ({words}); run mgmt as root, or allow it in polkit",
            PackageError.InstallUnsigned or PackageError.UpdateUnsigned => $"its repository is not signed ({words}); set allowuntrusted: true to take it all the same",
            _ => words.Length > 0 ? words : $"PackageKit failed with error {(int)error}",
        };
    }

    // The words may be many lines long, and come from maintainers' scripts.
    private static string Tidy(string details)
    {
        var lines = details.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var words = string.Join(' ', lines).TrimEnd('.');
        return words.Length <= LongestDetails ? words : words[..LongestDetails] + "…";
    }
}
