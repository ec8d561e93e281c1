using Mgmt.Robustness.Voters;

namespace Mgmt.Robustness.Storms;

/// <summary>
/// What the storms go over: MGMT_STORM_SUBJECTS, by comma, else mgmt alone. "etcd" there has the judge go through everything: what it does not pass proves
/// nothing against us.
/// </summary>
internal static class Subjects
{
    public static TheoryData<string> All { get; } = [.. Runnable(Asked)];

    /// <summary>With the judge in any case, for the storm that has most in it.</summary>
    public static TheoryData<string> AllAndJudge { get; } = [.. Runnable(Asked.Append(Subject.Etcd.Name))];

    private static IEnumerable<string> Asked => (Environment.GetEnvironmentVariable("MGMT_STORM_SUBJECTS") ?? Subject.Mgmt.Name).Split(',');

    private static IEnumerable<string> Runnable(IEnumerable<string> names) => names.Distinct().Where(static name => Subject.Of(name).Obstacle.Length == 0);
}

/// <summary>A theory that mounts file systems, which takes root.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MountTheoryAttribute : TheoryAttribute
{
    public override string? Skip
    {
        get => Environment.IsPrivilegedProcess ? base.Skip : "it mounts file systems: run it as root";
        set => base.Skip = value;
    }
}

/// <summary>A test of a minute or so: only where somebody takes the time, by MGMT_STORM_SECONDS.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LongFactAttribute : FactAttribute
{
    public override string? Skip
    {
        get => Environment.GetEnvironmentVariable("MGMT_STORM_SECONDS") is { Length: > 0 } ? base.Skip : "it takes a minute: name any in MGMT_STORM_SECONDS";
        set => base.Skip = value;
    }
}
