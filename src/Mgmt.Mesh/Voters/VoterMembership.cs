using Mgmt.Mesh.Founding;
using Mgmt.Mesh.Masters;
using Mgmt.Mesh.Node;
using Mgmt.Store;
using Mgmt.Store.Commands;

namespace Mgmt.Mesh.Voters;

/// <summary>
/// Changes who is a member. Raft's own list of voters and the state's list of members are changed one after the other, and each step can be done again: what
/// was cut off half way is finished by asking again.
/// </summary>
internal sealed class VoterMembership(StoreNode node, bool isSecure, Func<ulong> newId) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Registers a member that will start at these URLs; it votes once it has started and is up to date.</summary>
    public async ValueTask<(ulong Member, StoreError? Error)> AddAsync(IReadOnlyList<string> peerUrls, CancellationToken cancel)
    {
        if (peerUrls.Count == 0 || !peerUrls.All(static one => MemberUrls.TryRead(one, out _))) return (0, MemberErrors.BadUrls);
        using var turn = await TakeTurnAsync(cancel);
        var reading = await node.ReadBarrierAsync(cancel);
        if (reading.View is not { } view) return (0, reading.Error);
        if (view.Members.Values.Any(one => one.PeerUrls.Intersect(peerUrls).Any())) return (0, MemberErrors.UrlExists);
        var id = newId();
        return (id, await ProposeAsync(new Command.MemberSet(new(id, "", peerUrls, [], IsLearner: true)), cancel));
    }

    /// <summary>Takes a member out: its vote first, then its name.</summary>
    public async ValueTask<StoreError?> RemoveAsync(ulong member, CancellationToken cancel)
    {
        using var turn = await TakeTurnAsync(cancel);
        var reading = await node.ReadBarrierAsync(cancel);
        if (reading.View is not { } view) return reading.Error;
        return view.Members.ContainsKey(member) ? await TakeOutAsync(member, cancel) : StoreError.MemberNotFound;
    }

    /// <summary>Changes where a member's Raft port is.</summary>
    public async ValueTask<StoreError?> UpdateAsync(ulong member, IReadOnlyList<string> peerUrls, CancellationToken cancel)
    {
        if (peerUrls.Count == 0 || !peerUrls.All(static one => MemberUrls.TryRead(one, out _))) return MemberErrors.BadUrls;
        using var turn = await TakeTurnAsync(cancel);
        var reading = await node.ReadBarrierAsync(cancel);
        if (reading.View is not { } view) return reading.Error;
        if (!view.Members.TryGetValue(member, out var found)) return StoreError.MemberNotFound;
        if (view.Members.Values.Any(one => one.Id != member && one.PeerUrls.Intersect(peerUrls).Any())) return MemberErrors.UrlExists;
        return await ProposeAsync(new Command.MemberSet(found with { PeerUrls = peerUrls }), cancel);
    }

    /// <summary>Has a member vote that does not yet.</summary>
    public async ValueTask<StoreError?> PromoteAsync(ulong member, CancellationToken cancel)
    {
        using var turn = await TakeTurnAsync(cancel);
        var reading = await node.ReadBarrierAsync(cancel);
        if (reading.View is not { } view) return reading.Error;
        if (!view.Members.TryGetValue(member, out var found)) return StoreError.MemberNotFound;
        if (!found.IsLearner) return MemberErrors.NotLearner;
        return found.Name.Length == 0 ? MemberErrors.NotReady : await PromoteAsync(found, cancel);
    }

    /// <summary>Registers an agent as one that is to be brought up to date. It has no vote yet.</summary>
    public async ValueTask<StoreError?> NominateAsync(PeerIdentity peer, CancellationToken cancel)
    {
        using var turn = await TakeTurnAsync(cancel);
        return await ProposeAsync(new Command.MemberSet(MemberUrls.ToMember(peer, isSecure, isLearner: true)), cancel);
    }

    /// <summary>
    /// Says what an agent is to the mesh, by a state with everything in it that was acknowledged before. One that a member was added for by an operator becomes
    /// that member, and is wished to vote.
    /// </summary>
    public async ValueTask<Admission> AdmitAsync(PeerIdentity peer, CancellationToken cancel)
    {
        using var turn = await TakeTurnAsync(cancel);
        var reading = await node.ReadBarrierAsync(cancel);
        if (reading.View is not { } view) return Admission.Refused(reading.Error!.Message);
        if (node.Voters.Contains(peer.Member)) return new(peer.Member, Wire.Standing.Voter);
        if (view.Members.TryGetValue(peer.Member, out var known)) return new(peer.Member, known.IsLearner ? Wire.Standing.Learner : Wire.Standing.Agent);
        var reserved = view.Members.Values.FirstOrDefault(one => one.Name.Length == 0 && one.PeerUrls.Any(url => MemberUrls.TryRead(url, out var address) && address == peer.Raft));
        return reserved is null ? new(peer.Member, Wire.Standing.Agent) : await TakePlaceAsync(peer with { Member = reserved.Id }, cancel);
    }

    /// <summary>Says that a member is not to vote, until an operator says otherwise.</summary>
    public async ValueTask<StoreError?> DrainAsync(ulong member, CancellationToken cancel) =>
        await ProposeAsync(new Command.Execute(new Operation.Put(Bytes.Of(MastersKeys.Of(MastersKeys.Drained, member)), default)), cancel);

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async ValueTask<Admission> TakePlaceAsync(PeerIdentity peer, CancellationToken cancel)
    {
        var wish = new Operation.Put(Bytes.Of(MastersKeys.Of(MastersKeys.Wishes, peer.Member)), Bytes.Of(MastersKeys.PromoteWish));
        var error = await ProposeAsync(new Command.Execute(wish), cancel) ?? await ProposeAsync(new Command.MemberSet(MemberUrls.ToMember(peer, isSecure, isLearner: true)), cancel);
        return error is null ? new(peer.Member, Wire.Standing.Learner) : Admission.Refused(error.Message);
    }

    private async ValueTask<StoreError?> PromoteAsync(Member member, CancellationToken cancel)
    {
        if (await ProposeAsync(new Command.MemberSet(member), cancel) is { } refusal) return refusal;
        var added = await node.AddVoterAsync(member.Id, cancel);
        return added is not null && added != StoreError.MemberExists ? added : await ProposeAsync(new Command.MemberSet(member with { IsLearner = false }), cancel);
    }

    private async ValueTask<StoreError?> TakeOutAsync(ulong member, CancellationToken cancel)
    {
        var removed = await node.RemoveVoterAsync(member, cancel);
        return removed is not null && removed != StoreError.MemberNotFound ? removed : await ProposeAsync(new Command.MemberRemove(member), cancel);
    }

    private async ValueTask<StoreError?> ProposeAsync(Command command, CancellationToken cancel) => (await node.ExecuteAsync(command, cancel) as Response.Failed)?.Error;

    private async Task<IDisposable> TakeTurnAsync(CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        return new Turn(_turn);
    }

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
