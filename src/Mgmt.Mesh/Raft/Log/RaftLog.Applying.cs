using DotNext.IO.Log;

namespace Mgmt.Mesh.Raft.Log;

/// <content>Committing, applying, and dropping what the replica's disk has.</content>
internal sealed partial class RaftLog
{
    /// <summary>How much of the log is kept at most behind the snapshot, for members that were away shortly.</summary>
    private const long RetainedBytes = 64 << 20;
    private readonly SemaphoreSlim _applying = new(1, 1);
    private readonly long _retained;
    private TaskCompletionSource _appliedSignal = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _failure;
    private long _committed;
    private long _applied;
    private long _considered;
    private long _configured;
    private int _wanted;
    private bool _stopped;

    public long Applied => Volatile.Read(ref _applied);

    /// <summary>The term of an entry; -1 when it is not known.</summary>
    public long TermAt(long index) => TermOf(index);

    /// <summary>Ends when something more is applied.</summary>
    public Task NextApplied => Volatile.Read(ref _appliedSignal).Task;

    /// <summary>Whether the last committed entry is of a term.</summary>
    public bool HasCommittedIn(long term) => TermOf(Committed) == term;

    /// <summary>Commits what a leader said is committed, if this member has that very entry.</summary>
    public ValueTask CommitKnownAsync(long index, long term, CancellationToken cancel) =>
        index > Committed && _log.TermOf(index) == term ? CommitAsync(index, cancel) : default;

    async ValueTask<long> IAuditTrail.CommitAsync(long endIndex, CancellationToken token)
    {
        var before = Committed;
        if (endIndex <= before) return 0;
        if (endIndex > _log.Last) throw new ArgumentOutOfRangeException(nameof(endIndex), endIndex, $"the log ends at {_log.Last}");

        // An entry of an earlier term is committed only by one of the leader's own behind it.
        if (IsLeading && _log.TermOf(endIndex) != Term) return 0;
        await CommitAsync(endIndex, token);
        if (IsLeading && Volatile.Read(ref _configured) is var at && at > before && at <= endIndex) await _hooks.VotersChange(at, token);
        return Committed - before;
    }

    async ValueTask IAuditTrail.WaitForApplyAsync(long index, CancellationToken token)
    {
        while (true)
        {
            // Taken before the look, lest what is applied between the two is missed.
            var applied = NextApplied;
            if (Applied >= index) return;
            ThrowIfFailed();
            await applied.WaitAsync(token);
        }
    }

    async ValueTask IAuditTrail.WaitForApplyAsync(CancellationToken token)
    {
        var applied = NextApplied;
        ThrowIfFailed();
        await applied.WaitAsync(token);
    }

    private void ThrowIfFailed()
    {
        if (_failure is { } failure) throw new LogException($"cannot apply entries: {failure.Message}", failure);
    }

    private new async ValueTask CommitAsync(long index, CancellationToken cancel)
    {
        await _log.FlushThroughAsync(index, cancel);
        var term = _log.TermOf(index);
        if (!Advance(ref _committed, index)) return;
        _hooks.Committed(index, term);
        WantApply();
    }

    private static bool Advance(ref long place, long index)
    {
        var before = Volatile.Read(ref place);
        while (before < index)
        {
            var seen = Interlocked.CompareExchange(ref place, index, before);
            if (seen == before) return true;
            before = seen;
        }

        return false;
    }

    private void WantApply()
    {
        if (Interlocked.Exchange(ref _wanted, 1) == 0) ThreadPool.UnsafeQueueUserWorkItem(static log => _ = log.ApplyAsync(), this, preferLocal: false);
    }

    private async Task ApplyAsync()
    {
        await _applying.WaitAsync();
        try
        {
            Volatile.Write(ref _wanted, 0);
            for (var to = Committed; !_stopped && _failure is null && _applied < to;) await ApplyNextAsync(_applied + 1);
        }
        catch (Exception e)
        {
            // Without this entry no later one may be applied: the member is of no use until it is started again.
            _failure = e;
            _hooks.Failed(e);
        }
        finally
        {
            _applying.Release();
        }

        SignalApplied();
        Compact();
    }

    private async ValueTask ApplyNextAsync(long index)
    {
        var (term, kind) = _log.HeadOf(index);
        var payload = _log.PayloadOf(index);
        if (kind == EntryKind.Configuration)
        {
            await _voters.SaveConfigurationAsync(VoterSet.Parse(payload), index);
            payload = [];
        }

        _replica.Apply(index, term, payload);
        Volatile.Write(ref _applied, index);
    }

    private void SignalApplied() =>
        Interlocked.Exchange(ref _appliedSignal, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    private void Compact()
    {
        var snapshot = _replica.Snapshot.Index;
        if (snapshot < Volatile.Read(ref _considered) + Math.Max(_retained / 8, 1)) return;
        Volatile.Write(ref _considered, snapshot);
        try
        {
            _log.DropBehind(snapshot, _retained, RetainedBytes);
        }
        catch (IOException e)
        {
            _hooks.Failed(e);
        }
    }

    private async ValueTask StopApplyingAsync()
    {
        _stopped = true;
        await _applying.WaitAsync();
        _applying.Release();
        _failure ??= new ObjectDisposedException(nameof(RaftLog));
        SignalApplied();
    }
}
