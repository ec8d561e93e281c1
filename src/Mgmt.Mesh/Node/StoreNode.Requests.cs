using Mgmt.Mesh.Consensus;
using Mgmt.Store;
using Mgmt.Store.Commands;
using Mgmt.Store.Machine;

namespace Mgmt.Mesh.Node;

/// <summary>Proposing and reading.</summary>
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
}
