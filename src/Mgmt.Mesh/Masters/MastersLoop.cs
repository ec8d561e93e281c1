using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Founding;
using Mgmt.Mesh.Node;
using Mgmt.Mesh.Voters;
using Mgmt.Mesh.Wire;

namespace Mgmt.Mesh.Masters;

/// <summary>While this member leads: looks at the mesh, asks the policy, and carries out its one change at a time, each with its reason in the log.</summary>
internal sealed class MastersLoop(StoreNode node, Lookout lookout, VoterMembership membership, IPeerCalls calls, TimeProvider time, IParticipantLog log)
{
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(1), Busy = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RemindAfter = TimeSpan.FromSeconds(2);

    // A newcomer gets the whole store in this time.
    private static readonly TimeSpan LongestPromotion = TimeSpan.FromMinutes(2), LongestChange = TimeSpan.FromSeconds(15);

    private readonly MastersOptions _options = new();
    private long _reminded;

    /// <summary>Ends by <see cref="OperationCanceledException"/>.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        while (true)
        {
            var news = node.LeadershipNews;
            if (node.Leadership is { IsLocal: true } leadership) await LeadAsync(leadership, cancel);
            else await news.WaitAsync(cancel);
        }
    }

    private async Task LeadAsync(Leadership leadership, CancellationToken cancel)
    {
        var (policy, memory, began) = (new MastersPolicy(_options), MastersMemory.Empty, time.GetTimestamp());
        lookout.Begin();
        while (node.Leadership == leadership)
        {
            await lookout.ProbeAsync(cancel);
            var now = time.GetElapsedTime(began);
            var sight = lookout.See();
            var decision = policy.Next(sight, memory, now);
            memory = decision.Memory;
            if (decision.Change is { } change)
            {
                log.Say($"{WordOf(change)} {NameOf(sight, change.Member)}: {decision.Reason}", NameOf(sight, change.Member));
                if (await ActAsync(change, IsThere(sight, change.Member), decision.Reason, cancel) is { } problem)
                {
                    log.Warn($"cannot {WordOf(change)} {NameOf(sight, change.Member)}: {problem}", NameOf(sight, change.Member));
                    memory = memory.Failed(change, time.GetElapsedTime(began), _options);
                }
            }

            await RemindAsync(sight, cancel);
            await Task.Delay(decision.Reason.Length > 0 ? Busy : Calm, time, cancel);
        }
    }

    private static string WordOf(MastersChange change) => change switch
    {
        MastersChange.Nominate => "nominate",
        MastersChange.Promote => "promote",
        MastersChange.Remove => "remove",
        _ => "hand over to",
    };

    private static string NameOf(MeshSight sight, ulong member) =>
        sight.Members.FirstOrDefault(one => one.Id == member && one.Name.Length > 0)?.Name
        ?? sight.Volunteers.FirstOrDefault(one => one.Card.MemberId == member)?.Card.Host ?? Place.StoreIdentity.Hex(member);

    private static bool IsThere(MeshSight sight, ulong member) => sight.Members.Any(one => one.Id == member && one.HasVote && one.Lag is not null && one.SilentFor < RemindAfter);

    // Answers null, or why it was not done.
    private async Task<string?> ActAsync(MastersChange change, bool isThere, string reason, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(change is MastersChange.Promote ? LongestPromotion : LongestChange);
        try
        {
            return change switch
            {
                MastersChange.Nominate => await NominateAsync(change.Member, reason, limit.Token),
                MastersChange.Promote => (await membership.PromoteAsync(change.Member, limit.Token))?.Message,
                MastersChange.Remove => await RemoveAsync(change.Member, isThere, reason, limit.Token),
                _ => (await node.TransferAsync(change.Member, limit.Token))?.Message,
            };
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return "it took too long";
        }
    }

    private async Task<string?> NominateAsync(ulong member, string reason, CancellationToken cancel)
    {
        if (PeerOf(member) is not { } peer) return "its card is gone";
        if (await membership.NominateAsync(peer, cancel) is { } error) return error.Message;
        var refusal = await AppointAsync(peer, Wire.Standing.Learner, reason, cancel);
        if (refusal is null) return null;
        await membership.RemoveAsync(member, cancel);
        return refusal;
    }

    private async Task<string?> RemoveAsync(ulong member, bool isThere, string reason, CancellationToken cancel)
    {
        // Nobody who is being answered there is to lose his answer.
        var peer = PeerOf(member) ?? (node.View.Members.TryGetValue(member, out var known) ? MemberUrls.ToPeer(known) : null);
        if (peer is not null && isThere) await AppointAsync(peer, Wire.Standing.Leaving, reason, cancel);
        var error = await membership.RemoveAsync(member, cancel);
        if (error is null && peer is not null) await AppointAsync(peer, Wire.Standing.Agent, reason, cancel);
        return error?.Message;
    }

    // One that was nominated and then started again does not know of it.
    private async Task RemindAsync(MeshSight sight, CancellationToken cancel)
    {
        if (time.GetElapsedTime(_reminded) < RemindAfter) return;
        _reminded = time.GetTimestamp();
        foreach (var one in sight.Members.Where(static one => one is { HasVote: false, Record: MemberRecord.Learner, Name.Length: > 0 } && (one.Lag is null || one.SilentFor > RemindAfter)))
        {
            if (PeerOf(one.Id) is { } peer) await AppointAsync(peer, Wire.Standing.Learner, "it is nominated", cancel);
        }
    }

    private async Task<string?> AppointAsync(PeerIdentity peer, Wire.Standing standing, string reason, CancellationToken cancel)
    {
        var members = node.View.Members.Values.Select(MemberUrls.ToPeer).OfType<PeerIdentity>();
        var request = new AppointRequest { ClusterId = node.Cluster, MemberId = peer.Member, Standing = standing, Reason = reason, Members = { members.Select(static one => one.ToWire()) } };
        var response = await calls.AppointAsync(peer.Api, request, cancel);
        return response is null ? $"{peer.Api} does not answer ({calls.WhyNot(peer.Api)})" : response.Refusal.Length > 0 ? response.Refusal : null;
    }

    private PeerIdentity? PeerOf(ulong member) =>
        lookout.Cards.Values.FirstOrDefault(one => one.Card.MemberId == member).Card is { } card
        && PeerAddress.TryParse(card.Api, 0, out var api) && PeerAddress.TryParse(card.Raft, 0, out var raft)
            ? new(member, card.Host, api, raft) : null;
}
