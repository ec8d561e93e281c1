namespace Mgmt.Mesh.Masters;

/// <summary>How near a contender is to a vote; the nearer one is preferred, so that nobody is exchanged for no reason.</summary>
internal enum Standing
{
    /// <summary>It leads.</summary>
    Leader,

    /// <summary>It votes and answers.</summary>
    Voter,

    /// <summary>It votes and does not answer, but is not gone yet.</summary>
    SilentVoter,

    /// <summary>It learns.</summary>
    Learner,

    /// <summary>It volunteers.</summary>
    Volunteer,

    /// <summary>It votes and is gone: better than nobody, as it may come back.</summary>
    GoneVoter,
}

/// <summary>Somebody who votes or could.</summary>
internal sealed record Contender(ulong Id, string Name, string Zone, Standing Standing) : IComparable<Contender>
{
    /// <summary>Whether it is to leave.</summary>
    public bool IsLeaving { get; init; }

    /// <summary>Why it is to leave or gone, in words.</summary>
    public string Why { get; init; } = "";

    /// <summary>Whether an operator wishes it to vote.</summary>
    public bool IsWished { get; init; }

    /// <summary>How often it failed lately.</summary>
    public int Setbacks { get; init; }

    /// <summary>How bad its connection is, in steps: small differences are none.</summary>
    public int Link { get; init; }

    /// <summary>The store's revision when it volunteered.</summary>
    public long Revision { get; init; } = long.MaxValue;

    /// <summary>How many entries it is behind; null when it never answered.</summary>
    public long? Lag { get; init; }

    /// <summary>Whether it votes.</summary>
    public bool HasVote => Standing is Standing.Leader or Standing.Voter or Standing.SilentVoter or Standing.GoneVoter;

    /// <summary>Whether it was heard of lately.</summary>
    public bool Answers { get; init; }

    /// <summary>Whether it may have a vote.</summary>
    public bool IsFit => !IsLeaving && Standing != Standing.GoneVoter;

    /// <summary>The better one first; never the same for two.</summary>
    public int CompareTo(Contender? other) => other is null ? -1 : Rank.CompareTo(other.Rank);

    /// <inheritdoc/>
    public override string ToString() => Name.Length > 0 ? Name : Id.ToString("x", System.Globalization.CultureInfo.InvariantCulture);

    private (int Unwished, Standing Standing, int Setbacks, int Link, long Revision, ulong Id) Rank => (IsWished ? 0 : 1, Standing, Setbacks, Link, Revision, Id);
}
