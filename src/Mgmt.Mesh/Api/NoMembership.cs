using Mgmt.Store;

namespace Mgmt.Mesh.Api;

/// <summary>Nobody changes the members here.</summary>
internal sealed class NoMembership : IMembership
{
    private static readonly MemberChange Refused = new(0, new(StatusCode.FailedPrecondition, "etcdserver: members cannot be changed here"));

    public ValueTask<MemberChange> AddAsync(IReadOnlyList<string> peerUrls, bool isLearner, CancellationToken cancel) => new(Refused);

    public ValueTask<MemberChange> RemoveAsync(ulong member, CancellationToken cancel) => new(Refused);

    public ValueTask<MemberChange> UpdateAsync(ulong member, IReadOnlyList<string> peerUrls, CancellationToken cancel) => new(Refused);

    public ValueTask<MemberChange> PromoteAsync(ulong member, CancellationToken cancel) => new(Refused);
}
