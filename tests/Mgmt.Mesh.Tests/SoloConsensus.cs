using Mgmt.Mesh.Consensus;
using Mgmt.Store;

namespace Mgmt.Mesh.Tests;

/// <summary>A log of one member in memory, for tests of what stands on it: it appends, and applies when it is let.</summary>
internal sealed class SoloConsensus : IConsensus
{
    private readonly IReplica _replica;
    private readonly Lock _lock = new();
    private readonly Queue<byte[]> _held = new();
    private long _index;

    public SoloConsensus(IReplica replica, ulong member)
    {
        (_replica, Member) = (replica, member);
        _index = replica.AppliedIndex;
        Leadership = new(Math.Max(1, replica.Snapshot.Term), member, true);
    }

    public ulong Member { get; }

    public Leadership Leadership { get; private set; }

    public IReadOnlyList<ulong> Voters => [Member];

    public long CommittedIndex => Volatile.Read(ref _index);

    /// <summary>Whether appended entries wait until <see cref="Release"/>.</summary>
    public bool IsHolding { get; set; }

    /// <summary>Whether there is no leader: proposals are refused.</summary>
    public bool IsLeaderless { get; set; }

    public ValueTask<Proposed> ProposeAsync(ReadOnlyMemory<byte> entry, CancellationToken cancel)
    {
        if (IsLeaderless) return new(Proposed.Refused);
        lock (_lock)
        {
            if (IsHolding) _held.Enqueue(entry.ToArray());
            else _replica.Apply(++_index, Leadership.Term, entry.Span);
        }

        return new(Proposed.Appended);
    }

    public ValueTask<ReadIndex> ReadIndexAsync(CancellationToken cancel) =>
        new(IsLeaderless ? new ReadIndex(0, StoreError.NoLeader) : new ReadIndex(CommittedIndex, null));

    public ValueTask<ReadOnlyMemory<byte>?> AskLeaderAsync(ReadOnlyMemory<byte> question, CancellationToken cancel) =>
        IsLeaderless ? new((ReadOnlyMemory<byte>?)null) : _replica.AnswerAsync(question, cancel);

    public ValueTask<StoreError?> AddVoterAsync(ulong member, CancellationToken cancel) => new(StoreError.MemberExists);

    public ValueTask<StoreError?> RemoveVoterAsync(ulong member, CancellationToken cancel) => new(StoreError.NotEnoughStarted);

    public ValueTask<StoreError?> TransferAsync(ulong member, CancellationToken cancel) => new(member == Member ? null : StoreError.BadTransferee);

    public ValueTask DisposeAsync() => default;

    /// <summary>Applies what was held, or loses it with its leader.</summary>
    public void Release(bool lose = false)
    {
        lock (_lock)
        {
            IsHolding = false;
            while (_held.TryDequeue(out var entry))
            {
                if (!lose) _replica.Apply(++_index, Leadership.Term, entry);
            }
        }
    }

    /// <summary>Begins another term.</summary>
    public void ChangeLeader(ulong leader)
    {
        lock (_lock)
        {
            Leadership = new(Leadership.Term + 1, leader, leader == Member);
            if (leader == Member) _replica.Apply(++_index, Leadership.Term, []);
        }

        _replica.LeadershipChanged(Leadership);
    }
}
