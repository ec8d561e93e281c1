namespace Mgmt.Resources.Svc;

/// <summary>What systemd says of a unit. The words are systemd's own.</summary>
/// <param name="LoadState">Such as <c>loaded</c>, <c>masked</c>, <c>not-found</c>; empty while systemd has not loaded it.</param>
/// <param name="ActiveState">Such as <c>active</c>, <c>failed</c>; <c>inactive</c> while it is not loaded.</param>
/// <param name="SubState">More than the active state, in the words of the unit's type.</param>
/// <param name="FileState">Such as <c>enabled</c>, <c>masked</c>, <c>static</c>, read from the disk; empty when there is no unit file.</param>
internal sealed record UnitFacts(string LoadState, string ActiveState, string SubState, string FileState)
{
    private const string Masked = "masked", NotFound = "not-found";

    /// <summary>Whether the unit can be told to reload its configuration.</summary>
    internal bool CanReload { get; init; }

    /// <summary>The state of its files, if systemd's memory and the disk differ; else empty.</summary>
    internal string Unread { get; init; } = "";

    /// <summary>Whether its files changed since it was started: a reload of its configuration would leave it as the old ones say.</summary>
    internal bool RunsOldFiles { get; init; }

    /// <summary>Why it could not be loaded; empty when it could.</summary>
    internal string LoadError { get; init; } = "";

    /// <summary>Whether there is such a unit, on disk or in systemd.</summary>
    internal bool Exists => FileState.Length > 0 || (LoadState.Length > 0 && LoadState != NotFound);

    /// <summary>Whether what systemd loaded is not what the disk has.</summary>
    internal static bool Differ(string loadState, string fileState) =>
        fileState.Length > 0 && (loadState == NotFound || (loadState == Masked && !fileState.StartsWith(Masked, StringComparison.Ordinal)));

    /// <summary>The path of its unit file if that is empty, which systemd takes for a mask; else empty. Somebody may be about to write it, and to unmask would remove it.</summary>
    internal string EmptyFile { get; init; } = "";

    internal bool IsMasked => FileState.StartsWith(Masked, StringComparison.Ordinal);

    internal bool NeedsReload => Unread.Length > 0;

    internal bool IsUp => ActiveState is "active" or "reloading" or "refreshing";

    /// <summary>Whether it is about to become something else.</summary>
    internal bool IsOnItsWay => ActiveState is "activating" or "deactivating" or "reloading" or "refreshing" or "maintenance";

    /// <summary>The state for messages; systemd forgets units that ended well, and with them the sub-state.</summary>
    internal string Words => SubState.Length > 0 ? $"{ActiveState} ({SubState})" : ActiveState;

    internal bool IsBroken => LoadError.Length > 0 && LoadState is not (NotFound or Masked) && !NeedsReload;
}
