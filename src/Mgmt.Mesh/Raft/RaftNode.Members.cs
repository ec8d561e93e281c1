using System.Buffers.Binary;
using DotNext.IO.Log;
using DotNext.Net.Cluster.Consensus.Raft;
using Mgmt.Mesh.Raft.Log;
using Mgmt.Mesh.Raft.Wire;
using Mgmt.Store;

namespace Mgmt.Mesh.Raft;

/// <content>Who votes, and who leads by request.</content>
public sealed partial class RaftNode
{
    private readonly SemaphoreSlim _changing = new(1, 1);

    /// <inheritdoc/>
    public async ValueTask<StoreError?> AddVoterAsync(ulong member, CancellationToken cancel)
    {
        if (Voters.Contains(member)) return StoreError.MemberExists;
        var error = await ChangeAsync(
            async () => await _raft.AddMemberAsync(MemberName.Of(member), cancel) ? null : StoreError.NotEnoughStarted, () => Voters.Contains(member));
        if (error is null) await GoByVotersAsync(0, cancel);
        return error;
    }

    /// <inheritdoc/>
    public async ValueTask<StoreError?> RemoveVoterAsync(ulong member, CancellationToken cancel)
    {
        if (!Voters.Contains(member)) return StoreError.MemberNotFound;
        if (Voters.Count == 1) return StoreError.NotEnoughStarted;
        var error = await ChangeAsync(
            async () => await _raft.RemoveMemberAsync(MemberName.Of(member), cancel) ? null : StoreError.MemberNotFound, () => !Voters.Contains(member));

        // Who is left must know it before this member may go: their new majority needs nobody else then, the old one could.
        if (error is null && member == _options.Member) await TellCommittedAsync(cancel);
        return error;
    }

    /// <summary>
    /// DotNext has no hand-over, only stepping back. So all but the target stand back for a while: they vote, but do not want to lead. It takes until the
    /// target's election timeout has passed.
    /// </summary>
    /// <inheritdoc/>
    public async ValueTask<StoreError?> TransferAsync(ulong member, CancellationToken cancel)
    {
        var leadership = Leadership;
        if (!leadership.IsLocal) return StoreError.NotLeader;
        if (member == _options.Member) return null;
        if (!Voters.Contains(member)) return StoreError.BadTransferee;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel, _closing.Token);
        limit.CancelAfter(_options.ElectionTimeout.Most * 6);
        try
        {
            if (!await IsUpToDateAsync(member, limit.Token)) return StoreError.BadTransferee;
            var pause = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(pause, (int)(_options.ElectionTimeout.Most * 4).TotalMilliseconds);
            foreach (var voter in Voters.Where(one => one != member && one != _options.Member)) await _peers.To(voter).CallAsync(CallKind.StandBack, default, pause, limit.Token);
            await _raft.StepBackAsync(limit.Token);
            await StandBackFor(pause);
            while (Leadership.Leader != member)
            {
                if (Leadership.IsKnown && Leadership.Term > leadership.Term) return StoreError.BadTransferee;
                await Task.Delay(TimeSpan.FromMilliseconds(10), _time, limit.Token);
            }

            return null;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return StoreError.TimedOut;
        }
    }

    /// <summary>Asks a member for the end of its log. For the leader.</summary>
    /// <returns>The index of its last entry; -1 when it does not answer.</returns>
    public async ValueTask<long> ProbeAsync(ulong member, CancellationToken cancel) => await CommittedCallAsync(member, cancel);

    private async ValueTask<StoreError?> ChangeAsync(Func<Task<StoreError?>> change, Func<bool> isDone)
    {
        if (!Leadership.IsLocal) return StoreError.NotLeader;
        if (!await _changing.WaitAsync(0)) return StoreError.TooManyRequests;
        try
        {
            return await change();
        }
        catch (Exception e) when (e is NotLeaderException or LogException)
        {
            // A leader that removes itself stops leading by that.
            return isDone() ? null : StoreError.LeaderChanged;
        }
        catch (RaftCluster<RaftClusterMember>.ConcurrentMembershipModificationException)
        {
            return StoreError.TooManyRequests;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>
    /// DotNext takes new voters beside its rounds, and drops what is under way to those who were removed. A round that still counts them fails by that, and
    /// the leader steps back where none of them can be missed, as of two. So no round begins before it has taken them; it tells nobody when it has.
    /// </summary>
    private async ValueTask GoByVotersAsync(long index, CancellationToken cancel)
    {
        await ((IAuditTrail)_log).WaitForApplyAsync(index, cancel);
        while (!_raft.Members.Select(static one => MemberName.IdOf(one.EndPoint)).ToHashSet().SetEquals(Voters)) await Task.Delay(TimeSpan.FromMilliseconds(1), _time, cancel);
    }

    private async ValueTask TellCommittedAsync(CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel, _closing.Token);
        limit.CancelAfter(_options.ElectionTimeout.Most);
        try
        {
            await Task.WhenAll(Voters.Where(one => one != _options.Member).Select(voter => CommittedCallAsync(voter, limit.Token)));
        }
        catch (OperationCanceledException)
        {
            // Somebody is slow to answer; the majority has the entry in any case.
        }
    }

    private async Task<long> CommittedCallAsync(ulong voter, CancellationToken cancel)
    {
        var payload = new byte[16];
        var index = _log.Committed;
        BinaryPrimitives.WriteInt64LittleEndian(payload, index);
        BinaryPrimitives.WriteInt64LittleEndian(payload.AsSpan(8), _log.TermAt(index));
        var result = await _peers.To(voter).CallAsync(CallKind.Committed, default, payload, cancel);
        return result.End == CallEnd.Answered && result.Answer.Length == 8 ? BinaryPrimitives.ReadInt64LittleEndian(result.Answer.Span) : -1;
    }

    /// <summary>Waits until a member's log has what is committed here.</summary>
    private async ValueTask<bool> IsUpToDateAsync(ulong member, CancellationToken cancel)
    {
        var target = _log.Committed;
        for (var tries = 0; tries < 50; tries++)
        {
            var last = await CommittedCallAsync(member, cancel);
            if (last >= target) return true;
            _raft.Kick();
            await Task.Delay(TimeSpan.FromMilliseconds(10), _time, cancel);
        }

        return false;
    }

    private async ValueTask<byte[]> StandBackFor(ReadOnlyMemory<byte> payload)
    {
        if (payload.Length != 4) return [];
        var pause = TimeSpan.FromMilliseconds(Math.Clamp(BinaryPrimitives.ReadInt32LittleEndian(payload.Span), 0, 60_000));
        if (Leadership.IsLocal || !await _raft.EnableStandbyModeAsync(_closing.Token)) return [];
        _ = ComeForwardAsync(Leadership.Term, pause);
        return [Yes];
    }

    /// <summary>Takes part again once somebody leads a later term, or after the pause.</summary>
    private async Task ComeForwardAsync(long term, TimeSpan pause)
    {
        try
        {
            var end = _time.GetTimestamp();
            while (_time.GetElapsedTime(end) < pause && !(Leadership.IsKnown && Leadership.Term > term)) await Task.Delay(TimeSpan.FromMilliseconds(10), _time, _closing.Token);
            await _raft.RevertToNormalModeAsync(_closing.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // This member stops.
        }
    }
}
