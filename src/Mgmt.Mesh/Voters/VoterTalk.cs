using Mgmt.Mesh.Api;
using Mgmt.Mesh.Founding;
using Mgmt.Mesh.Wire;

namespace Mgmt.Mesh.Voters;

/// <summary>Answers other agents: who is here, and whether they may come in.</summary>
internal sealed class VoterTalk(FoundingAnswers answers) : IMeshTalk
{
    private VoterMembership? _membership;
    private Func<(ulong Cluster, IEnumerable<PeerIdentity> Members)>? _present;

    /// <summary>From now on there is a mesh to come into.</summary>
    public void Open(VoterMembership membership, Func<(ulong Cluster, IEnumerable<PeerIdentity> Members)> present)
    {
        _present = present;
        Volatile.Write(ref _membership, membership);
    }

    public HelloResponse Hello(HelloRequest request) => answers.Answer(request);

    public Task<AppointResponse> AppointAsync(AppointRequest request, CancellationToken cancel) => Task.FromResult(new AppointResponse { Refusal = "not yet" });

    public async Task<JoinResponse> JoinAsync(JoinRequest request, CancellationToken cancel)
    {
        if (Volatile.Read(ref _membership) is not { } membership) return new() { Refusal = "the mesh is still being founded" };
        if (!PeerIdentity.TryRead(request.Self, out var peer)) return new() { Refusal = "its identity cannot be read" };
        var (member, refusal) = await membership.JoinAsync(peer, cancel);
        var (cluster, members) = _present!();
        return new() { ClusterId = cluster, MemberId = member, Refusal = refusal, Members = { members.Select(static one => one.ToWire()) } };
    }
}
