namespace Mgmt.Mesh.Masters;

/// <summary>The mesh as its leader sees it at one moment: all that the masters policy decides by, with what it remembers.</summary>
internal sealed record MeshSight
{
    /// <summary>The member that looks: the leader.</summary>
    public required ulong Leader { get; init; }

    /// <summary>How many voters there should be, if there are hosts enough.</summary>
    public required int IdealSize { get; init; }

    /// <summary>Raft's voters, and the members that the state knows; each once.</summary>
    public required IReadOnlyList<SeenMember> Members { get; init; }

    /// <summary>Those that volunteer, voters or not.</summary>
    public required IReadOnlyList<SeenVolunteer> Volunteers { get; init; }

    /// <summary>Those that are drained.</summary>
    public IReadOnlyCollection<ulong> Drained { get; init; } = [];

    /// <summary>What operators wish.</summary>
    public IReadOnlyDictionary<ulong, VoteWish> Wishes { get; init; } = new Dictionary<ulong, VoteWish>();
}

/// <summary>What the state's list says of a member.</summary>
internal enum MemberRecord
{
    /// <summary>Nothing: a founder that has not put itself there yet.</summary>
    None,

    /// <summary>It learns.</summary>
    Learner,

    /// <summary>It votes.</summary>
    Voter,
}

/// <summary>What an operator wishes of a member, as long as it stands.</summary>
internal enum VoteWish
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It is to vote, before all others.</summary>
    Promote,

    /// <summary>It is not to vote.</summary>
    Demote,
}

/// <summary>A member as its leader sees it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its host's name; empty for one that has not started yet: such a learner was registered by an operator, and is left alone.</param>
/// <param name="HasVote">Whether it is one of Raft's voters.</param>
/// <param name="Record">What the state says of it; while a change is half done that may be something else.</param>
/// <param name="SilentFor">How long it has not answered, at most since the leader leads.</param>
/// <param name="Lag">How many entries its log is behind; null when it never answered this leader.</param>
internal sealed record SeenMember(ulong Id, string Name, bool HasVote, MemberRecord Record, TimeSpan SilentFor, long? Lag);

/// <summary>A volunteer as the leader sees it.</summary>
/// <param name="Card">What it says of itself.</param>
/// <param name="Revision">The store's revision when it volunteered: who was there first.</param>
/// <param name="Losses">How often it was lost sight of lately.</param>
/// <param name="RoundTrip">How long a message to it and back takes; null when nobody knows.</param>
internal sealed record SeenVolunteer(AgentCard Card, long Revision, int Losses = 0, TimeSpan? RoundTrip = null);
