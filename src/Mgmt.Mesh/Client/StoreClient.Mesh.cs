using Mgmt.Mesh.Wire;

namespace Mgmt.Mesh.Client;

/// <summary>The mesh and its agents.</summary>
public sealed partial class StoreClient
{
    /// <summary>How the agent's graph is.</summary>
    public Task<StoreAnswer<DescribeResponse>> DescribeAsync(DescribeRequest request, CancellationToken cancel) =>
        AskAsync(isRead: true, (line, options) => line.Hosts.DescribeAsync(request, options), cancel);

    /// <summary>Has the first endpoint's agent open an encrypted disk.</summary>
    /// <param name="request">Its key is the caller's to wipe.</param>
    /// <param name="patience">How long that may take: to make a key of a passphrase is slow on purpose.</param>
    /// <param name="cancel">Gives up.</param>
    public Task<StoreAnswer<KeyResponse>> UnlockAsync(UnlockRequest request, TimeSpan patience, CancellationToken cancel) =>
        TryAsync(_lines[0], (line, options) => line.Hosts.UnlockAsync(request, options), cancel, patience);

    /// <summary>Has the first endpoint's agent close an encrypted disk.</summary>
    public Task<StoreAnswer<KeyResponse>> LockAsync(LockRequest request, TimeSpan patience, CancellationToken cancel) =>
        TryAsync(_lines[0], (line, options) => line.Hosts.LockAsync(request, options), cancel, patience);

    /// <summary>Takes a member out, its vote first.</summary>
    public Task<StoreAnswer<MemberRemoveResponse>> RemoveMemberAsync(ulong member, CancellationToken cancel) =>
        AskAsync(isRead: false, (line, options) => line.Members.MemberRemoveAsync(new() { ID = member }, options), cancel);

    /// <summary>Hands the leadership to another voter. Only the leader can.</summary>
    public Task<StoreAnswer<MoveLeaderResponse>> MoveLeaderAsync(ulong member, CancellationToken cancel) =>
        AskAsync(isRead: false, (line, options) => line.Maintenance.MoveLeaderAsync(new() { TargetID = member }, options), cancel);
}
