using System.Buffers.Binary;
using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Raft.Wire;
using Mgmt.Store;

namespace Mgmt.Mesh.Raft;

/// <content>
/// Read barriers. The leader notes what is committed, then asks the voters whether they know of a later term; when a majority does not, nobody else had been
/// elected before the question. DotNext's own barrier is not used: one that comes as a round begins can pass without that round, and a follower's asks the
/// leader for its commit index without any round.
/// </content>
public sealed partial class RaftNode
{
    private readonly Lock _barrierGate = new();
    private TaskCompletionSource<ReadIndex>? _barrier;
    private bool _confirming;

    /// <inheritdoc/>
    public async ValueTask<ReadIndex> ReadIndexAsync(CancellationToken cancel)
    {
        var leadership = Leadership;
        if (leadership.IsLocal) return await ReadIndexHereAsync(cancel);
        if (!leadership.IsKnown) return new ReadIndex(0, StoreError.NoLeader);
        var result = await _peers.To(leadership.Leader).CallAsync(CallKind.ReadIndex, default, default, cancel);
        return result.End == CallEnd.Answered && result.Answer.Length == 8
            ? new ReadIndex(BinaryPrimitives.ReadInt64LittleEndian(result.Answer.Span), null)
            : new ReadIndex(0, result.End == CallEnd.NotSent ? StoreError.NoLeader : StoreError.LeaderChanged);
    }

    /// <summary>All that come while a round is under way share the next one.</summary>
    private async ValueTask<ReadIndex> ReadIndexHereAsync(CancellationToken cancel)
    {
        TaskCompletionSource<ReadIndex> mine;
        bool first;
        lock (_barrierGate)
        {
            mine = _barrier ??= new TaskCompletionSource<ReadIndex>(TaskCreationOptions.RunContinuationsAsynchronously);
            first = !_confirming;
            _confirming = true;
        }

        if (first) _ = ConfirmAllAsync();
        return await mine.Task.WaitAsync(cancel);
    }

    private async Task ConfirmAllAsync()
    {
        while (true)
        {
            TaskCompletionSource<ReadIndex> round;
            lock (_barrierGate)
            {
                if (_barrier is null)
                {
                    _confirming = false;
                    return;
                }

                (round, _barrier) = (_barrier, null);
            }

            round.SetResult(await ConfirmAsync());
        }
    }

    private async ValueTask<ReadIndex> ConfirmAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        if (Voters.Count > 1) limit.CancelAfter(_options.ElectionTimeout.Most * 2);
        try
        {
            if (Leadership is not { IsLocal: true } leadership) return new ReadIndex(0, StoreError.NotLeader);
            await CommittedInAsync(leadership.Term, limit.Token);
            var index = _log.Committed;
            if (await IsConfirmedAsync(leadership.Term, limit.Token)) return new ReadIndex(index, null);
            return new ReadIndex(0, StoreError.LeaderChanged);
        }
        catch (Exception e)
        {
            // The barrier of many callers: none of them may wait for ever.
            return new ReadIndex(0, e is OperationCanceledException ? StoreError.TimedOut : StoreError.LeaderChanged);
        }
    }

    /// <summary>What earlier leaders committed, a new one knows once an entry of its own is committed.</summary>
    private async ValueTask CommittedInAsync(long term, CancellationToken cancel)
    {
        while (true)
        {
            var applied = _log.NextApplied;
            if (_log.HasCommittedIn(term)) return;
            if (Leadership.Term != term) throw new InvalidOperationException("the term is over");
            await applied.WaitAsync(cancel);
        }
    }

    private async ValueTask<bool> IsConfirmedAsync(long term, CancellationToken cancel)
    {
        var voters = Voters;
        var count = new MajorityCount(voters.Count);
        var question = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(question, term);
        foreach (var voter in voters)
        {
            if (voter == _options.Member) count.Add(true);
            else _ = AskAsync(voter);
        }

        return await count.Result.WaitAsync(cancel);

        async Task AskAsync(ulong voter)
        {
            try
            {
                var result = await _peers.To(voter).CallAsync(CallKind.Confirm, default, question, cancel);
                count.Add(result.End == CallEnd.Answered && result.Answer.Span is [Yes]);
            }
            catch (OperationCanceledException)
            {
                count.Add(false);
            }
        }
    }
}
