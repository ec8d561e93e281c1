using Mgmt.Store;

namespace Mgmt.Mesh.Consensus;

/// <summary>
/// Raft as the rest of the mesh sees it: a log that all voters agree on. Every member may call everything; what only the leader can do is sent to it.
/// A simulation can stand in for it.
/// </summary>
public interface IConsensus : IAsyncDisposable
{
    /// <summary>This member's id; never 0.</summary>
    ulong Member { get; }

    /// <summary>Who leads, as far as this member knows. The replica is told when it changes.</summary>
    Leadership Leadership { get; }

    /// <summary>The members that vote, as far as this member's log says.</summary>
    IReadOnlyList<ulong> Voters { get; }

    /// <summary>The index of the last entry that this member knows to be committed.</summary>
    long CommittedIndex { get; }

    /// <summary>
    /// Brings an entry into the leader's log. That it is applied, the replica learns from <see cref="IReplica.Apply"/>, on every member and thus on this one;
    /// an entry is told by an id inside it, never by its index, as another leader may have put another there.
    /// </summary>
    /// <returns>What became of it so far: only <see cref="Proposed.Refused"/> is sure never to be applied.</returns>
    ValueTask<Proposed> ProposeAsync(ReadOnlyMemory<byte> entry, CancellationToken cancel);

    /// <summary>
    /// Asks for an index that is at or past everything that was acknowledged before the call: the leader's, after a majority has confirmed that it still
    /// leads. A state that has applied it may answer a linearizable read.
    /// </summary>
    ValueTask<ReadIndex> ReadIndexAsync(CancellationToken cancel);

    /// <summary>Sends a question to the leader's <see cref="IReplica.AnswerAsync"/>, which is this member's own when it leads. Null when nobody answered.</summary>
    ValueTask<ReadOnlyMemory<byte>?> AskLeaderAsync(ReadOnlyMemory<byte> question, CancellationToken cancel);

    /// <summary>Brings a member up to date and then has it vote. Only on the leader; one change at a time.</summary>
    /// <returns>Null, or why not.</returns>
    ValueTask<StoreError?> AddVoterAsync(ulong member, CancellationToken cancel);

    /// <summary>Takes the vote from a member. Only on the leader; one change at a time.</summary>
    /// <returns>Null, or why not.</returns>
    ValueTask<StoreError?> RemoveVoterAsync(ulong member, CancellationToken cancel);

    /// <summary>Hands the leadership to another voter that is up to date. Only on the leader.</summary>
    /// <returns>Null, or why not.</returns>
    ValueTask<StoreError?> TransferAsync(ulong member, CancellationToken cancel);
}

/// <summary>What became of a proposal so far.</summary>
public enum Proposed
{
    /// <summary>It is in the leader's log. It is applied, unless the leader changes before it is on a majority.</summary>
    Appended,

    /// <summary>It is in no log and never will be: there was no leader, or it could not be reached.</summary>
    Refused,

    /// <summary>It may be in a log or not: the leader was lost on the way.</summary>
    Unknown,
}

/// <summary>The answer to a read barrier.</summary>
/// <param name="Index">The index to wait for; meaningless when there is an error.</param>
/// <param name="Error">Why there is none.</param>
public readonly record struct ReadIndex(long Index, StoreError? Error);
