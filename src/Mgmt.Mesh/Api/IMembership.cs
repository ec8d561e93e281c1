using Mgmt.Store;

namespace Mgmt.Mesh.Api;

/// <summary>Changes to who is a member, which the mesh makes. The members there are, every state knows.</summary>
public interface IMembership
{
    /// <summary>Adds a member that is reached at these URLs; a learner does not vote.</summary>
    ValueTask<MemberChange> AddAsync(IReadOnlyList<string> peerUrls, bool isLearner, CancellationToken cancel);

    /// <summary>Takes a member out.</summary>
    ValueTask<MemberChange> RemoveAsync(ulong member, CancellationToken cancel);

    /// <summary>Changes where a member is reached.</summary>
    ValueTask<MemberChange> UpdateAsync(ulong member, IReadOnlyList<string> peerUrls, CancellationToken cancel);

    /// <summary>Has a learner vote.</summary>
    ValueTask<MemberChange> PromoteAsync(ulong member, CancellationToken cancel);
}

/// <summary>What became of a change.</summary>
/// <param name="Member">The member that it was about.</param>
/// <param name="Error">Null, or why it was not made.</param>
public readonly record struct MemberChange(ulong Member, StoreError? Error);
