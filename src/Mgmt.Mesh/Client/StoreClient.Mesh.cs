using Mgmt.Mesh.Wire;

namespace Mgmt.Mesh.Client;

/// <summary>The mesh and its agents.</summary>
public sealed partial class StoreClient
{
    /// <summary>How the agent's graph is.</summary>
    public Task<StoreAnswer<DescribeResponse>> DescribeAsync(DescribeRequest request, CancellationToken cancel) =>
        AskAsync(isRead: true, (line, options) => line.Hosts.DescribeAsync(request, options), cancel);

    /// <summary>Takes a member out, its vote first.</summary>
    public Task<StoreAnswer<MemberRemoveResponse>> RemoveMemberAsync(ulong member, CancellationToken cancel) =>
        AskAsync(isRead: false, (line, options) => line.Members.MemberRemoveAsync(new() { ID = member }, options), cancel);

    /// <summary>Hands the leadership to another voter. Only the leader can.</summary>
    public Task<StoreAnswer<MoveLeaderResponse>> MoveLeaderAsync(ulong member, CancellationToken cancel) =>
        AskAsync(isRead: false, (line, options) => line.Maintenance.MoveLeaderAsync(new() { TargetID = member }, options), cancel);
}
