namespace Mgmt.Mesh.Consensus;

/// <summary>
/// The state that a log is applied to. Consensus calls it; the calls that change it come one after another, never two at once.
/// </summary>
public interface IReplica
{
    /// <summary>The index of the last entry that is in the state.</summary>
    long AppliedIndex { get; }

    /// <summary>
    /// The state as it is on this member's own disk whatever happens, at exactly the index that it says. Entries up to it are dropped from the log, and members
    /// that lack them get it instead. It never goes back. Asked for often, and by any thread: it must answer at once.
    /// </summary>
    IReplicaSnapshot Snapshot { get; }

    /// <summary>Applies a committed entry. Entries at or before <see cref="AppliedIndex"/> are passed over: after a start, the log may begin before the state.</summary>
    /// <param name="index">Its place in the log.</param>
    /// <param name="term">The term it was proposed in.</param>
    /// <param name="entry">What was proposed; empty for entries of Raft's own, whose place counts nevertheless.</param>
    void Apply(long index, long term, ReadOnlySpan<byte> entry);

    /// <summary>Puts another member's snapshot in the place of the whole state, and on this member's disk, before it returns.</summary>
    /// <param name="index">The index that it declares.</param>
    /// <param name="term">The term of the entry there.</param>
    /// <param name="content">What <see cref="IReplicaSnapshot.WriteAsync"/> wrote over there.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="InvalidDataException">The content is not a sound snapshot of this cluster at that index; the old state stays.</exception>
    ValueTask InstallAsync(long index, long term, Stream content, CancellationToken cancel);

    /// <summary>Tells who leads now, by one thread at a time, in the order of the terms. It must return soon. A new leader may not have applied all entries yet.</summary>
    void LeadershipChanged(Leadership leadership);

    /// <summary>Answers another member's question, as the leader. Null when it cannot.</summary>
    ValueTask<ReadOnlyMemory<byte>?> AnswerAsync(ReadOnlyMemory<byte> question, CancellationToken cancel);
}

/// <summary>A state at one index. It never changes, and costs next to nothing to hold.</summary>
public interface IReplicaSnapshot
{
    /// <summary>The index of the last entry in it; 0 for the state before all entries.</summary>
    long Index { get; }

    /// <summary>That entry's term.</summary>
    long Term { get; }

    /// <summary>Writes it, the same bytes each time.</summary>
    ValueTask WriteAsync(Stream target, CancellationToken cancel);
}
