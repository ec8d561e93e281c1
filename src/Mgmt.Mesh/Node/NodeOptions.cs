using Mgmt.Store;
using Mgmt.Store.Machine;
using Mgmt.Store.Watches;

namespace Mgmt.Mesh.Node;

/// <summary>The bounds of one member's store.</summary>
public sealed record NodeOptions
{
    /// <summary>The bytes that the store may have; over them it takes only deletions and reads.</summary>
    public long Quota { get; init; } = Limits.Quota;

    /// <summary>How much history is kept at least.</summary>
    public HistoryPolicy History { get; init; } = new();

    /// <summary>How much may wait for one watch.</summary>
    public WatchLimits Watches { get; init; } = new();

    /// <summary>How long a request waits for its answer, or for a leader.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(7);

    /// <summary>How many proposals may be on their way at once.</summary>
    public int MostInFlight { get; init; } = 10_000;

    /// <summary>How long changes may wait before they are written to the home.</summary>
    public TimeSpan FlushAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long written changes may wait before the disk is made to hold them and the log before them can go.</summary>
    public TimeSpan CheckpointAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After how many entries the home is brought to the disk even before that.</summary>
    public int CheckpointEntries { get; init; } = 50_000;

    /// <summary>After how many bytes of entries the same.</summary>
    public long CheckpointBytes { get; init; } = 64 * 1024 * 1024;
}
