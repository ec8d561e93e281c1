namespace Mgmt.Mesh.Masters;

/// <summary>One change to who votes or leads.</summary>
internal abstract record MastersChange(ulong Member)
{
    /// <summary>Register a volunteer as a learner: it is brought up to date, and has no vote.</summary>
    internal sealed record Nominate(ulong Member) : MastersChange(Member);

    /// <summary>Let a learner vote, or put into the state that it does.</summary>
    internal sealed record Promote(ulong Member) : MastersChange(Member);

    /// <summary>Take a member out: its vote, if it has one, and then its name.</summary>
    internal sealed record Remove(ulong Member) : MastersChange(Member);

    /// <summary>Hand the leadership to another voter.</summary>
    internal sealed record HandOver(ulong Member) : MastersChange(Member);
}

/// <summary>What the policy wants done now.</summary>
/// <param name="Change">The one change, or null for none.</param>
/// <param name="Reason">Why, in words: for the log.</param>
/// <param name="Memory">What to give it the next time.</param>
internal sealed record MastersDecision(MastersChange? Change, string Reason, MastersMemory Memory);
