namespace Mgmt.Mesh.Consensus;

/// <summary>Who leads, as one member sees it now. A new one takes its place when that changes.</summary>
/// <param name="Term">Raft's term.</param>
/// <param name="Leader">The leader's member id; 0 when there is none.</param>
/// <param name="IsLocal">Whether this member leads.</param>
public sealed record Leadership(long Term, ulong Leader, bool IsLocal)
{
    /// <summary>What a member knows that has just started.</summary>
    public static Leadership None { get; } = new(0, 0, false);

    /// <summary>Whether there is a leader.</summary>
    public bool IsKnown => Leader != 0;
}
