namespace Mgmt.Engine.Running;

/// <summary>How long a lost watch stays lost: soon after one that worked, ever later after one that never does.</summary>
internal static class WatchBackoff
{
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);

    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>A watch that lived so long had worked.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromSeconds(1);

    public static TimeSpan After(TimeSpan last)
    {
        if (last < First) return First;
        return last + last < Longest ? last + last : Longest;
    }
}
