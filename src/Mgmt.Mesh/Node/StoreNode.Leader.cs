using Mgmt.Mesh.Consensus;
using Mgmt.Store;

namespace Mgmt.Mesh.Node;

/// <summary>What only a leader can do, and waiting for one.</summary>
public sealed partial class StoreNode
{
    /// <inheritdoc/>
    public ValueTask<LeaseTime> KeepAliveAsync(long lease, CancellationToken cancel) => AskOfLeaseAsync(LeaderQuestionKind.KeepAlive, lease, cancel);

    /// <inheritdoc/>
    public ValueTask<LeaseTime> TimeToLiveAsync(long lease, CancellationToken cancel) => AskOfLeaseAsync(LeaderQuestionKind.TimeToLive, lease, cancel);

    /// <summary>Has the leader bring a member up to date, and then lets it vote. The state has to know its address.</summary>
    /// <returns>Null, or why not.</returns>
    public ValueTask<StoreError?> AddVoterAsync(ulong member, CancellationToken cancel) => AskForChangeAsync(LeaderQuestionKind.AddVoter, member, cancel);

    /// <summary>Has the leader take a member's vote.</summary>
    /// <returns>Null, or why not.</returns>
    public ValueTask<StoreError?> RemoveVoterAsync(ulong member, CancellationToken cancel) => AskForChangeAsync(LeaderQuestionKind.RemoveVoter, member, cancel);

    // Asking again does no harm: both questions have the same answer twice.
    private async ValueTask<LeaseTime> AskOfLeaseAsync(LeaderQuestionKind kind, long lease, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel, _ending.Token);
        limit.CancelAfter(_options.RequestTimeout);
        var question = new LeaderQuestion(kind, (ulong)lease).Encode();
        try
        {
            while (true)
            {
                if (await Consensus.AskLeaderAsync(question, limit.Token) is { } answer) return LeaderAnswer.DecodeLease(answer.Span);
                await LeaderNewsAsync(limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new(0, 0, _ending.IsCancellationRequested ? StoreError.Stopped : StoreError.NoLeader);
        }
    }

    private async ValueTask<StoreError?> AskForChangeAsync(LeaderQuestionKind kind, ulong member, CancellationToken cancel) =>
        await Consensus.AskLeaderAsync(new LeaderQuestion(kind, member).Encode(), cancel) is { } answer ? LeaderAnswer.DecodeChange(answer.Span) : StoreError.NoLeader;

    private async ValueTask<ReadOnlyMemory<byte>?> AnswerAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        if (!LeaderQuestion.TryDecode(bytes.Span, out var question)) return null;
        switch (question.Kind)
        {
            case LeaderQuestionKind.AddVoter: return LeaderAnswer.Encode(await Consensus.AddVoterAsync(question.Id, cancel));
            case LeaderQuestionKind.RemoveVoter: return LeaderAnswer.Encode(await Consensus.RemoveVoterAsync(question.Id, cancel));
            default: return await _work.AnswerAsync(question) is { } time ? LeaderAnswer.Encode(time) : null;
        }
    }

    // Ends when the leader changes, or soon: a leader may not have answered for another reason.
    private async Task LeaderNewsAsync(CancellationToken cancel)
    {
        var news = Volatile.Read(ref _leadershipNews).Task;
        await Task.WhenAny(news, Task.Delay(LookAgainAfter, _time, cancel));
        cancel.ThrowIfCancellationRequested();
    }

    private void LeadershipChanged(Leadership leadership)
    {
        Interlocked.Exchange(ref _leadershipNews, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        if (leadership.IsKnown) _ = SettleAsync(leadership);
    }

    // Once this member has applied what a majority had when the new term began, an older proposal that is not among it is lost with its leader, or as good
    // as lost: who waits is told so. And a new leader's leases may run.
    private async Task SettleAsync(Leadership leadership)
    {
        try
        {
            ReadIndex read;
            while ((read = await Consensus.ReadIndexAsync(_ending.Token)).Error is not null)
            {
                if (Leadership != leadership) return;
                await LeaderNewsAsync(_ending.Token);
            }

            await _replica.WaitAsync(read.Index, _ending.Token);
            _pending.FailBefore(leadership.Term, StoreError.LeaderChanged);
            if (leadership.IsLocal) _work.BeginToLead(leadership.Term);
        }
        catch (OperationCanceledException)
        {
            // The node ends.
        }
    }
}
