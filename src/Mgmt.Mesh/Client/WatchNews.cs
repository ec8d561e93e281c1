using Mgmt.Mesh.Wire;

namespace Mgmt.Mesh.Client;

/// <summary>What a watch tells.</summary>
public abstract record WatchNews
{
    private WatchNews()
    {
    }

    /// <summary>From now on changes are seen: those after this revision, or from the one asked for. Told again when it goes on after an interruption.</summary>
    public sealed record Began(long Revision) : WatchNews;

    /// <summary>All changes of one revision or of several, in order.</summary>
    public sealed record Changed(IReadOnlyList<Event> Events) : WatchNews;

    /// <summary>The stream broke; it goes on at another endpoint, and no change is lost.</summary>
    public sealed record Interrupted(StoreFailure Failure) : WatchNews;

    /// <summary>It is over: the last that is told.</summary>
    /// <param name="Failure">Why.</param>
    /// <param name="CompactRevision">Where history begins, when what was asked for is compacted; else 0.</param>
    public sealed record Ended(StoreFailure Failure, long CompactRevision) : WatchNews;
}
