using Mgmt.Mesh.Consensus;
using Mgmt.Store;
using Mgmt.Store.Commands;
using Mgmt.Store.Home;
using Mgmt.Store.Machine;
using Mgmt.Store.Watches;

namespace Mgmt.Mesh.Node;

/// <summary>One member's store: what the API serves and what the agent itself uses. Any member takes any request. Safe for any thread.</summary>
public interface IStoreNode
{
    /// <summary>The cluster's id.</summary>
    ulong Cluster { get; }

    /// <summary>This member's id.</summary>
    ulong Member { get; }

    /// <summary>Who leads, as far as this member knows.</summary>
    Leadership Leadership { get; }

    /// <summary>The last state that this member has applied: for serializable reads, which may be stale.</summary>
    StoreView View { get; }

    /// <summary>The index of the last entry that this member knows to be committed.</summary>
    long CommittedIndex { get; }

    /// <summary>The members that vote.</summary>
    IReadOnlyList<ulong> Voters { get; }

    /// <summary>The bytes of this member's home on the disk.</summary>
    long HomeBytes { get; }

    /// <summary>How many watches there are, and how many of them still read history.</summary>
    (int All, int Unsynced) Watches { get; }

    /// <summary>
    /// Proposes a command and waits until this member has applied it. Failures, those for lack of a leader among them, are <see cref="Response.Failed"/>; after
    /// <see cref="StoreError.LeaderChanged"/> and <see cref="StoreError.TimedOut"/> it is not known whether it was or will be done, after
    /// <see cref="StoreError.NoLeader"/> it was not and will not be.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller gave up; what became of the command is not known.</exception>
    ValueTask<Response> ExecuteAsync(Command command, CancellationToken cancel);

    /// <summary>Waits for a state that has everything in it that was acknowledged before the call, for linearizable reads.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    ValueTask<Reading> ReadBarrierAsync(CancellationToken cancel);

    /// <summary>Gives a lease its full time again. <see cref="LeaseTime.Seconds"/> is 0 when there is no such lease.</summary>
    ValueTask<LeaseTime> KeepAliveAsync(long lease, CancellationToken cancel);

    /// <summary>How long a lease has to live. <see cref="LeaseTime.Seconds"/> is -1 when there is no such lease.</summary>
    ValueTask<LeaseTime> TimeToLiveAsync(long lease, CancellationToken cancel);

    /// <summary>Begins a watch that tells through the queue.</summary>
    /// <returns>The watch, null when no key can be in its range, and the revision of the state at its beginning: messages come after that.</returns>
    Task<(Watcher? Watcher, long Revision)> WatchAsync(WatchRequest request, WatchQueue queue);

    /// <summary>Ends a watch: it is told nothing more once this ends.</summary>
    Task UnwatchAsync(Watcher watcher);

    /// <summary>Says that a queue was read from, so that watches that wait for room in it go on reading history. To be called when a queue is empty.</summary>
    void QueueDrained();

    /// <summary>Has a watch told how far it is, if it hears of changes as they come and nothing waits for it.</summary>
    /// <returns>Whether it was told.</returns>
    Task<bool> TellProgressAsync(Watcher watcher);

    /// <summary>Hands the leadership to another voter.</summary>
    /// <returns>Null, or why not.</returns>
    ValueTask<StoreError?> TransferAsync(ulong member, CancellationToken cancel);

    /// <summary>Writes the home anew without what is not needed any more.</summary>
    /// <returns>Empty, or what went wrong.</returns>
    Task<string> DefragmentAsync(CancellationToken cancel);

    /// <summary>Brings the home to the disk, reads every record of it again and holds it against its checksum. Nothing is repaired.</summary>
    /// <returns>Null while there is no store yet.</returns>
    Task<HomeScrubbed?> ScrubAsync(CancellationToken cancel);
}

/// <summary>What a look at every record of a member's home found.</summary>
/// <param name="Home">The home's file.</param>
/// <param name="View">The state that the home should hold.</param>
/// <param name="Report">What was read, and what is wrong.</param>
public sealed record HomeScrubbed(string Home, StoreView View, ScrubReport Report);

/// <summary>A state to read from, or why there is none.</summary>
public readonly record struct Reading(StoreView? View, StoreError? Error);

/// <summary>A lease's time.</summary>
/// <param name="Seconds">What is left, in whole seconds.</param>
/// <param name="Granted">What it was granted for, in seconds; 0 when there is no such lease.</param>
/// <param name="Error">Why nobody could say.</param>
public readonly record struct LeaseTime(long Seconds, long Granted, StoreError? Error);
