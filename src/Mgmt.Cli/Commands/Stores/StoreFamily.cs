namespace Mgmt.Cli.Commands.Stores;

/// <summary><c>mgmt store</c>: the store as a whole.</summary>
internal static class StoreFamily
{
    public static Family Of(Surroundings surroundings) => new(
        "store",
        "the store as a whole: status, compact, alarm list and disarm, snapshot save, inspect and restore, scrub",
        new("mgmt store status", "how the store is"),
        () =>
        [
            new StatusCommand(surroundings),
            new CompactCommand(surroundings),
            new AlarmListCommand(surroundings),
            new AlarmDisarmCommand(surroundings),
            new SnapshotSaveCommand(surroundings),
            new SnapshotInspectCommand(surroundings),
            new SnapshotRestoreCommand(surroundings),
            new ScrubCommand(surroundings),
        ]);
}
