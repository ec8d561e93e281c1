using Mgmt.Mesh.Api;
using Mgmt.Store;

namespace Mgmt.Mesh.Voters;

/// <summary>The API's changes to members, while this agent keeps the store.</summary>
internal sealed class VoterChanges : IMembership
{
    private static readonly StoreError LearnersDoNotStay = new(
        StatusCode.FailedPrecondition, "etcdserver: cannot add a member that only learns: leave --learner out, it is brought up to date before it votes");

    private VoterMembership? _membership;

    /// <summary>From now on these are carried out here, or nowhere.</summary>
    public void Open(VoterMembership? membership) => Volatile.Write(ref _membership, membership);

    public async ValueTask<MemberChange> AddAsync(IReadOnlyList<string> peerUrls, bool isLearner, CancellationToken cancel)
    {
        if (isLearner) return new(0, LearnersDoNotStay);
        if (Volatile.Read(ref _membership) is not { } membership) return new(0, StoreError.NoLeader);
        var (member, error) = await membership.AddAsync(peerUrls, cancel);
        return new(member, error);
    }

    // Otherwise it would be nominated again at once.
    public ValueTask<MemberChange> RemoveAsync(ulong member, CancellationToken cancel) =>
        ChangeAsync(member, async one => await one.DrainAsync(member, cancel) ?? await one.RemoveAsync(member, cancel));

    public ValueTask<MemberChange> UpdateAsync(ulong member, IReadOnlyList<string> peerUrls, CancellationToken cancel) =>
        ChangeAsync(member, one => one.UpdateAsync(member, peerUrls, cancel));

    public ValueTask<MemberChange> PromoteAsync(ulong member, CancellationToken cancel) => ChangeAsync(member, one => one.PromoteAsync(member, cancel));

    private async ValueTask<MemberChange> ChangeAsync(ulong member, Func<VoterMembership, ValueTask<StoreError?>> change) =>
        new(member, Volatile.Read(ref _membership) is { } membership ? await change(membership) : StoreError.NoLeader);
}
