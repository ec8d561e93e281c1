using Mgmt.Mesh.Founding;
using Mgmt.Mesh.Node;
using Mgmt.Store;
using Mgmt.Store.Commands;
using Mgmt.Store.Machine;

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

    /// <summary>
    /// Lets an agent in. The first time it is registered, in the place of a member of the same addresses that lost its disk, or of one that was added for it;
    /// once it runs, it asks again, is brought up to date, and votes.
    /// </summary>
    /// <returns>The members, and the id that it is to have, or why not.</returns>
    public async ValueTask<(ulong Member, string Refusal)> JoinAsync(PeerIdentity peer, CancellationToken cancel)
    {
        using var turn = await TakeTurnAsync(cancel);
        var reading = await node.ReadBarrierAsync(cancel);
        if (reading.View is not { } view) return (0, reading.Error!.Message);
        if (view.Members.TryGetValue(peer.Member, out var known))
        {
            var refusal = known.IsLearner ? await PromoteAsync(MemberUrls.ToMember(peer, isSecure, isLearner: true), cancel) : null;
            return (peer.Member, refusal?.Message ?? "");
        }

        return await RegisterAsync(peer, view, cancel);
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async ValueTask<(ulong Member, string Refusal)> RegisterAsync(PeerIdentity peer, StoreView view, CancellationToken cancel)
    {
        var former = view.Members.Values.FirstOrDefault(one => MemberUrls.ToPeer(one) is { } other && (other.Api == peer.Api || other.Raft == peer.Raft));
        var namesake = view.Members.Values.FirstOrDefault(one => one.Name == peer.Name && one.Id != former?.Id);
        if (namesake is not null)
            return (0, $"a member of the name {peer.Name} is at {string.Join(", ", namesake.ClientUrls)}: give this host another name with --hostname, or take that one out with mgmt member remove {namesake.Id:x}");
        var reserved = view.Members.Values.FirstOrDefault(one => one.Name.Length == 0 && one.PeerUrls.Any(url => MemberUrls.TryRead(url, out var address) && address == peer.Raft));
        if (former is null && reserved is null) return (0, "no member is expected at its addresses: add it with mgmt member add first");
        if (former is not null && await TakeOutAsync(former.Id, cancel) is { } error) return (0, error.Message);
        var member = MemberUrls.ToMember(reserved is null ? peer : peer with { Member = reserved.Id }, isSecure, isLearner: true);
        return (member.Id, (await ProposeAsync(new Command.MemberSet(member), cancel))?.Message ?? "");
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
