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

    /// <summary>Whether its files changed on disk since systemd read them.</summary>
    internal bool IsOutdated { get; init; }

    /// <summary>Why it could not be loaded; empty when it could.</summary>
    internal string LoadError { get; init; } = "";

    /// <summary>Whether there is such a unit, on disk or in systemd.</summary>
    internal bool Exists => FileState.Length > 0 || (LoadState.Length > 0 && LoadState != NotFound);

    internal bool IsMasked => FileState.StartsWith(Masked, StringComparison.Ordinal);

    /// <summary>Whether systemd's memory and the disk differ.</summary>
    internal bool NeedsReload => IsOutdated || (LoadState == NotFound && FileState.Length > 0) || (LoadState == Masked && FileState.Length > 0 && !IsMasked);

    internal bool IsUp => ActiveState is "active" or "reloading" or "refreshing";

    /// <summary>Whether it is about to become something else.</summary>
    internal bool IsOnItsWay => ActiveState is "activating" or "deactivating" or "reloading" or "refreshing" or "maintenance";

    /// <summary>The state for messages; systemd forgets units that ended well, and with them the sub-state.</summary>
    internal string Words => SubState.Length > 0 ? $"{ActiveState} ({SubState})" : ActiveState;

    internal bool IsBroken => LoadError.Length > 0 && LoadState is not (NotFound or Masked) && !NeedsReload;
}
