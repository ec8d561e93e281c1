using Mgmt.Mesh.Consensus;
using Mgmt.Store;
using Mgmt.Store.Commands;
using Mgmt.Store.Machine;

namespace Mgmt.Mesh.Node;

/// <summary>Proposing, reading, and waiting for a leader.</summary>
public sealed partial class StoreNode
{
    /// <inheritdoc/>
    public async ValueTask<Response> ExecuteAsync(Command command, CancellationToken cancel)
    {
        if ((CommandCheck.Check(command) ?? await RoomForAsync(command)) is { } refusal) return new Response.Failed(refusal);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel, _ending.Token);
        limit.CancelAfter(_options.RequestTimeout);
        if (!_pending.TryAdd(out var waiting)) return new Response.Failed(StoreError.TooManyRequests);
        var isProposed = false;
        try
        {
            var bytes = CommandCodec.Encode(new(waiting.Id, command));
            if (CommandCodec.IsTooLarge(bytes)) return new Response.Failed(StoreError.RequestTooLarge);
            await ProposeAsync(waiting, bytes, limit.Token);
            isProposed = true;
            return await waiting.Task.WaitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new Response.Failed(_ending.IsCancellationRequested ? StoreError.Stopped : isProposed ? StoreError.TimedOut : StoreError.NoLeader);
        }
        finally
        {
            _pending.Remove(waiting);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<Reading> ReadBarrierAsync(CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel, _ending.Token);
        limit.CancelAfter(_options.RequestTimeout);
        var hasIndex = false;
        try
        {
            ReadIndex read;
            while ((read = await Consensus.ReadIndexAsync(limit.Token)).Error is not null) await LeaderNewsAsync(limit.Token);
            hasIndex = true;
            await _replica.WaitAsync(read.Index, limit.Token);
            return new(View, null);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new(null, _ending.IsCancellationRequested ? StoreError.Stopped : hasIndex ? StoreError.TimedOut : StoreError.NoLeader);
        }
    }

    /// <inheritdoc/>
    public ValueTask<LeaseTime> KeepAliveAsync(long lease, CancellationToken cancel) => AskLeaderAsync(new(LeaderQuestionKind.KeepAlive, lease), cancel);

    /// <inheritdoc/>
    public ValueTask<LeaseTime> TimeToLiveAsync(long lease, CancellationToken cancel) => AskLeaderAsync(new(LeaderQuestionKind.TimeToLive, lease), cancel);

    // Asking again does no harm: both questions have the same answer twice.
    private async ValueTask<LeaseTime> AskLeaderAsync(LeaderQuestion question, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel, _ending.Token);
        limit.CancelAfter(_options.RequestTimeout);
        try
        {
            while (true)
            {
                if (await Consensus.AskLeaderAsync(question.Encode(), limit.Token) is { } answer) return LeaderQuestion.DecodeAnswer(answer.Span);
                await LeaderNewsAsync(limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new(0, 0, _ending.IsCancellationRequested ? StoreError.Stopped : StoreError.NoLeader);
        }
    }

    private async ValueTask ProposeAsync(PendingProposals.Waiting waiting, byte[] bytes, CancellationToken cancel)
    {
        while (true)
        {
            waiting.Term = Leadership.Term;
            if (await Consensus.ProposeAsync(bytes, cancel) != Proposed.Refused) return;
            waiting.Term = long.MaxValue;
            await LeaderNewsAsync(cancel);
        }
    }

    // The quota is this member's own: whoever finds that there is no room raises the alarm, by which all refuse.
    private async ValueTask<StoreError?> RoomForAsync(Command command)
    {
        if (Quota.Check(View, command, _options.Quota) is not { } full) return null;
        var alarm = new Alarm(Member, AlarmKind.NoSpace);
        if (!View.Alarms.Contains(alarm)) await ProposeDueAsync(new Command.AlarmChange(AlarmAction.Activate, alarm));
        return full;
    }

    private async Task ProposeDueAsync(Command command)
    {
        try
        {
            await ExecuteAsync(command, _ending.Token);
        }
        catch (OperationCanceledException)
        {
            // The node ends: the next leader finds it due as well.
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
