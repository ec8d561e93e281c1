namespace Mgmt.Store;

/// <summary>A member of the cluster, as the replicated state knows it. Its lists are copies, and compared by what is in them.</summary>
/// <param name="Id">Its id; never 0.</param>
/// <param name="Name">Its name; empty until it has started, as in etcd. At most <see cref="Limits.MemberTextBytes"/> as UTF-8.</param>
/// <param name="PeerUrls">Where the other members reach it: at most <see cref="Limits.MemberUrls"/>, each as long as a name at most.</param>
/// <param name="ClientUrls">Where clients reach it; bounded likewise.</param>
/// <param name="IsLearner">Whether it has no vote.</param>
public sealed record Member(ulong Id, string Name, IReadOnlyList<string> PeerUrls, IReadOnlyList<string> ClientUrls, bool IsLearner)
{
    /// <summary>Where the other members reach it.</summary>
    public IReadOnlyList<string> PeerUrls { get; init => field = [.. value]; } = [.. PeerUrls];

    /// <summary>Where clients reach it.</summary>
    public IReadOnlyList<string> ClientUrls { get; init => field = [.. value]; } = [.. ClientUrls];

    /// <inheritdoc/>
    public bool Equals(Member? other) => other is not null && Id == other.Id && Name == other.Name && IsLearner == other.IsLearner
        && PeerUrls.SequenceEqual(other.PeerUrls) && ClientUrls.SequenceEqual(other.ClientUrls);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Name, IsLearner, PeerUrls.Count, ClientUrls.Count);

    /// <inheritdoc/>
    public override string ToString() => $"member {Id:x} {Name} at {string.Join(',', PeerUrls)} for {string.Join(',', ClientUrls)}{(IsLearner ? ", learner" : "")}";
}
