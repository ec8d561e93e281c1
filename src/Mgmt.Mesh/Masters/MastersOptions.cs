namespace Mgmt.Mesh.Masters;

/// <summary>The masters policy's times and bounds.</summary>
internal sealed record MastersOptions
{
    /// <summary>A voter that answered within this time is counted on: what happens to it in this time, a change cannot heed, so it is short.</summary>
    public TimeSpan HeardWithin { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A voter that does not answer for this long is gone, and replaced; one that does not volunteer for this long is to leave.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long too few volunteers are waited for before voters are taken out on that account, where it makes nothing safer.</summary>
    public TimeSpan ShrinkAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long voters that could be spread better over the zones stay as they are.</summary>
    public TimeSpan BalanceAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a nominee may take to answer for the first time, and how long it may be silent after.</summary>
    public TimeSpan StartWithin { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a nominee may come no nearer.</summary>
    public TimeSpan ProgressWithin { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a nominee may take in all.</summary>
    public TimeSpan LearnWithin { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A member that is at most so many entries behind is up to date.</summary>
    public long ReadyLag { get; init; } = 64;

    /// <summary>How long a member that failed is not nominated again: at first, and at most; it doubles each time.</summary>
    public (TimeSpan First, TimeSpan Most) BackOff { get; init; } = (TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5));

    /// <summary>A member that did not fail for this long is as good as new.</summary>
    public TimeSpan ForgiveAfter { get; init; } = TimeSpan.FromMinutes(15);
}
