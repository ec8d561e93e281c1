using Mgmt.Mesh.Api;
using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Founding;
using Mgmt.Mesh.Masters;
using Mgmt.Mesh.Place;
using Mgmt.Mesh.Wire;
using Mgmt.Store;
using Mgmt.Store.Commands;
using Standing = Mgmt.Mesh.Wire.Standing;

namespace Mgmt.Mesh.Voters;

/// <summary>Answers other agents: who is here, what they are to the mesh, and what its leader says of this one.</summary>
/// <param name="answers">What there is to say at the founding and after.</param>
/// <param name="calls">Looks whether others are where they are said to be.</param>
/// <param name="appointments">Take what the leader says.</param>
/// <param name="identity">This agent's own ids: member and cluster.</param>
/// <param name="mayVote">Empty, or why this agent may not keep the store.</param>
/// <param name="joined">Told when another agent is let in.</param>
/// <param name="time">This host's clock.</param>
internal sealed class ParticipantTalk(FoundingAnswers answers, IPeerCalls calls, Appointments appointments, Func<(ulong Member, ulong Cluster)> identity, string mayVote, Action joined, TimeProvider time) : IMeshTalk
{
    private Keeper? _keeper;
    private IReadOnlyList<PeerIdentity> _voters = [];

    /// <summary>From now on this agent keeps the store, or does not.</summary>
    public void Open(Keeper? keeper) => Volatile.Write(ref _keeper, keeper);

    /// <summary>From now on these are known to keep it.</summary>
    public void Know(IReadOnlyList<PeerIdentity> voters) => Volatile.Write(ref _voters, voters);

    public HelloResponse Hello(HelloRequest request)
    {
        var response = answers.Answer(request);
        (response.Protocol, response.UnixMilliseconds) = (MeshProtocol.Version, time.GetUtcNow().ToUnixTimeMilliseconds());
        response.Present.AddRange(Voters().Select(static one => one.ToWire()));
        return response;
    }

    public async Task<JoinResponse> JoinAsync(JoinRequest request, CancellationToken cancel)
    {
        var cluster = identity().Cluster;
        var response = new JoinResponse { ClusterId = cluster };
        if (cluster == 0) return With(response, Admission.Refused("the mesh is still being founded"));
        if (request.Protocol != MeshProtocol.Version) return With(response, Admission.Refused($"its agents speak protocol {MeshProtocol.Version}, and this one {request.Protocol}; run the same version of mgmt", isFinal: true));
        if (request.ClusterId != 0 && request.ClusterId != cluster) return With(response, Admission.Refused($"it is the cluster {StoreIdentity.Hex(cluster)}, not {StoreIdentity.Hex(request.ClusterId)}", isFinal: true));
        if (!PeerIdentity.TryRead(request.Self, out var peer)) return With(response, Admission.Refused("its identity cannot be read", isFinal: true));

        // Who keeps no store does not know; it says who does.
        if (Volatile.Read(ref _keeper) is not { } keeper) return With(response, new(0, Standing.Unknown));
        var admission = await FindDoubleAsync(keeper, peer, cancel) ?? await keeper.Membership.AdmitAsync(peer, cancel);
        if (admission.Member != 0) joined();
        return With(response, admission);
    }

    public async Task<AppointResponse> AppointAsync(AppointRequest request, CancellationToken cancel)
    {
        var (member, cluster) = identity();
        if (request.ClusterId != cluster || request.MemberId != member) return new() { Refusal = $"it is member {StoreIdentity.Hex(member)} of the cluster {StoreIdentity.Hex(cluster)}, not {StoreIdentity.Hex(request.MemberId)} of {StoreIdentity.Hex(request.ClusterId)}" };
        if (request.Standing == Standing.Agent)
        {
            appointments.Dismiss(request.Reason);
            return new();
        }

        if (request.Standing == Standing.Leaving) return new() { Refusal = await appointments.RetireAsync(cancel) };
        if (mayVote.Length > 0) return new() { Refusal = mayVote };
        return new() { Refusal = await appointments.AppointAsync(PeerIdentity.ReadAll(request.Members, VoterLimit), request.Reason, cancel) };
    }

    private const int VoterLimit = 64;

    private JoinResponse With(JoinResponse response, Admission admission)
    {
        (response.MemberId, response.Standing, response.Refusal, response.Final) = (admission.Member, admission.Standing, admission.Refusal, admission.IsFinal);
        response.Members.AddRange(Voters().Select(static one => one.ToWire()));
        return response;
    }

    private IReadOnlyList<PeerIdentity> Voters() => Volatile.Read(ref _keeper) is { } keeper
        ? [.. keeper.Node.View.Members.Values.Where(static one => !one.IsLearner).Select(MemberUrls.ToPeer).OfType<PeerIdentity>()]
        : Volatile.Read(ref _voters);

    // Only one that answers counts: a host that lost its disk comes back as somebody else, and one that moved from elsewhere.
    private async Task<Admission?> FindDoubleAsync(Keeper keeper, PeerIdentity peer, CancellationToken cancel)
    {
        foreach (var (other, isSame) in Doubles(keeper.Node.View, peer))
        {
            if (await calls.HelloAsync(other, new(), cancel) is not { Self: { } self } || self.Name != peer.Name || (self.MemberId == peer.Member) != isSame) continue;
            return Admission.Refused(
                isSame
                    ? $"the agent at {other} is the same member {StoreIdentity.Hex(peer.Member)}: one state directory is a copy of the other; empty this one's store directory"
                    : $"the agent at {other} has the same name {peer.Name}; give one of them another with --hostname",
                isFinal: true);
        }

        return null;
    }

    private static IEnumerable<(PeerAddress Api, bool IsSame)> Doubles(Store.Machine.StoreView view, PeerIdentity peer)
    {
        var key = KeyRange.Single(Bytes.Of(MastersKeys.Agents + peer.Name));
        if (view.Read(new Operation.Range(key)) is Response.Range { KeyValues: [var found] } && AgentCard.Decode(found.Value.Span) is { } card
            && PeerAddress.TryParse(card.Api, 0, out var api) && api != peer.Api) yield return (api, card.MemberId == peer.Member);
        foreach (var member in view.Members.Values.Where(one => one.Name == peer.Name).Select(MemberUrls.ToPeer).OfType<PeerIdentity>())
        {
            if (member.Api != peer.Api) yield return (member.Api, member.Member == peer.Member);
        }
    }
}
