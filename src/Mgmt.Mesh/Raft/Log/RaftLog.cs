using DotNext.IO.Log;
using DotNext.Net.Cluster;
using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;
using Mgmt.Mesh.Consensus;

namespace Mgmt.Mesh.Raft.Log;

/// <summary>
/// The log as DotNext's Raft asks for it. DotNext lets nobody else implement IPersistentState, as a part of it is internal, so this derives from its own log and
/// puts another in its place, whole: that one acknowledges before it flushes, cuts off acknowledged entries when an old message comes late, keeps a tail of another
/// history behind an installed snapshot, dies when the disk is full, and can be half of two histories after a crash.
/// </summary>
internal sealed partial class RaftLog : WriteAheadLog, IPersistentState
{
    private readonly EntryLog _log;
    private readonly Ballot _ballot;
    private readonly InstallMark _mark;
    private readonly VoterFile _voters;
    private readonly IReplica _replica;
    private readonly RaftLogHooks _hooks;
    private readonly string _folder;
    private readonly long _maxSnapshot;

    private RaftLog(RaftLogOptions options, EntryLog log, Ballot ballot, InstallMark mark, VoterFile voters, IReplica replica, RaftLogHooks hooks)
        : base(new Options { Location = Path.Combine(options.Folder, "dotnext"), MemoryManagement = MemoryManagementStrategy.PrivateMemory, ChunkSize = 4096 }, new NoMachine())
    {
        (_folder, _maxSnapshot, _retained, _log, _ballot, _mark, _voters, _replica, _hooks) =
            (options.Folder, options.MaxSnapshotBytes, options.RetainedEntries, log, ballot, mark, voters, replica, hooks);
        (_committed, _applied) = (replica.Snapshot.Index, replica.Snapshot.Index);

        // What DotNext makes for its own log, which is not used, is for everybody to read.
        foreach (var file in Directory.EnumerateFiles(Path.Combine(options.Folder, "dotnext"))) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>Whether this member leads; see <see cref="IAuditTrail.LastCommittedEntryIndex"/>.</summary>
    public bool IsLeading { get; set; }

    public long Term => _ballot.Term;

    public long Last => _log.Last;

    public long Committed => Volatile.Read(ref _committed);

    /// <summary>The last index that is on the disk.</summary>
    public long Flushed => _log.FlushedIndex;

    public int MaxPayload => _log.MaxPayload;

    bool IAuditTrail.IsLogEntryLengthAlwaysPresented => false;

    /// <summary>A round of replication begins by asking for this: what comes later needs another round.</summary>
    long IAuditTrail.LastEntryIndex
    {
        get
        {
            _hooks.RoundBegins();
            return _log.Last;
        }
    }

    /// <summary>
    /// A follower has DotNext ask this for one thing only, whether to refuse a snapshot that is not newer. A refusal never tells the leader that the follower has
    /// gone past it, and it would send the same one for ever; so a follower takes it, and leaves it at that.
    /// </summary>
    long IAuditTrail.LastCommittedEntryIndex => IsLeading ? Committed : 0;

    /// <summary>Opens what a folder holds, which belongs to the replica's state.</summary>
    /// <exception cref="LogException">It is damaged, another's, or does not fit the state.</exception>
    public static RaftLog Open(RaftLogOptions options, VoterFile voters, IReplica replica, RaftLogHooks hooks)
    {
        var ballot = Ballot.Open(Path.Combine(options.Folder, "ballot"));
        EntryLog? log = null;
        InstallMark? mark = null;
        try
        {
            mark = InstallMark.Open(options.Folder);
            log = EntryLog.Open(Path.Combine(options.Folder, "entries"), options.Identity, options.SegmentBytes);
            Match(log, ballot, replica.Snapshot, mark);
            if (log.TermOf(log.Last) > ballot.Term)
                throw new LogException($"cannot use {options.Folder}: its log is of term {log.TermOf(log.Last)}, its ballot of term {ballot.Term}. Remove this member and add it anew");
            return new RaftLog(options, log, ballot, mark, voters, replica, hooks);
        }
        catch
        {
            log?.Dispose();
            mark?.Dispose();
            ballot.Dispose();
            throw;
        }
    }

    /// <summary>Appends as the leader of a term.</summary>
    /// <returns>The entry's index; 0 when the term is over.</returns>
    public long Add(long term, EntryKind kind, ReadOnlyMemory<byte> payload)
    {
        var index = _log.Append(term, kind, payload, static (log, term) => log._ballot.Term == term, this);
        if (index != 0) _log.StartFlush();
        return index;
    }

    /// <summary>Begins a term with this member's own vote, for one that needs nobody else's.</summary>
    public async ValueTask LeadAloneAsync(ClusterMemberId self, CancellationToken cancel)
    {
        var term = _ballot.Increment(self);
        Add(term, EntryKind.Command, default);
        await _log.FlushAllAsync(cancel);
    }

    public override Task InitializeAsync(CancellationToken token = default) => Task.CompletedTask;

    protected override async ValueTask DisposeAsyncCore()
    {
        await StopApplyingAsync();
        await base.DisposeAsyncCore();
        _log.Dispose();
        _mark.Dispose();
        _ballot.Dispose();
    }

    /// <summary>
    /// The log must lead to the state on the disk and on from it. Only one thing may have come between: another's snapshot was put in the place of the state, and
    /// the log is still the old one.
    /// </summary>
    private static void Match(EntryLog log, Ballot ballot, IReplicaSnapshot snapshot, InstallMark mark)
    {
        if (snapshot.Index == 0 && log.First == 1) return;
        var known = log.TermOf(snapshot.Index);
        if (known == snapshot.Term || (known == -1 && snapshot.Index == log.First - 1)) return;
        if (mark.Is(snapshot.Index, snapshot.Term))
        {
            log.Reset(snapshot.Index, snapshot.Term);
            log.FlushAllAsync(default).AsTask().GetAwaiter().GetResult();

            // The snapshot may be of a term in which this member was away, and has not voted.
            if (ballot.Term < snapshot.Term) ballot.Update(snapshot.Term, true);
            return;
        }

        throw new LogException(snapshot.Index < log.First - 1
            ? $"cannot use the log: it begins at entry {log.First}, but the state on the disk is of entry {snapshot.Index}. Remove this member and add it anew"
            : $"cannot use the log: the state on the disk is of entry {snapshot.Index} and term {snapshot.Term}, but the log, which ends at {log.Last}, has term {known} there. Remove this member and add it anew");
    }

    bool IPersistentState.IsVotedFor(in ClusterMemberId id) => _ballot.IsFreeFor(id);

    long IPersistentState.Term => _ballot.Term;

    ValueTask<long> IPersistentState.IncrementTermAsync(ClusterMemberId member, CancellationToken token) => new(_ballot.Increment(member));

    ValueTask IPersistentState.UpdateTermAsync(long term, bool resetLastVote, CancellationToken token)
    {
        _ballot.Update(term, resetLastVote);
        return default;
    }

    ValueTask IPersistentState.UpdateVotedForAsync(ClusterMemberId member, CancellationToken token)
    {
        _ballot.Vote(member);
        return default;
    }

    /// <summary>DotNext's own log keeps nothing, so its machine is told nothing.</summary>
    private sealed class NoMachine : IStateMachine
    {
        ISnapshot? ISnapshotManager.Snapshot => null;

        ValueTask<long> IStateMachine.ApplyAsync(LogEntry entry, CancellationToken token) => new(entry.Index);

        ValueTask ISnapshotManager.ReclaimGarbageAsync(long watermark, CancellationToken token) => default;
    }
}

/// <summary>What the log needs to know.</summary>
internal sealed record RaftLogOptions(string Folder, LogIdentity Identity, int SegmentBytes, long RetainedEntries, long MaxSnapshotBytes);

/// <summary>Whom the log tells.</summary>
/// <param name="RoundBegins">A round of replication may begin.</param>
/// <param name="Follows">A leader's message was accepted.</param>
/// <param name="Committed">An entry, by index and term, and all before it are committed.</param>
/// <param name="VotersChange">The leader has committed other voters, by the index of that entry; its next round of replication begins when this ends.</param>
/// <param name="Failed">Nothing can be applied any more.</param>
internal sealed record RaftLogHooks(Action RoundBegins, Action Follows, Action<long, long> Committed, Func<long, CancellationToken, ValueTask> VotersChange, Action<Exception> Failed);
