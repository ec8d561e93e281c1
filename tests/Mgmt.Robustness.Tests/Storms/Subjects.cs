using Mgmt.Robustness.Voters;

namespace Mgmt.Robustness.Storms;

/// <summary>What the storms go over: MGMT_STORM_SUBJECTS, by comma, or both. What the judge, etcd, does not pass proves nothing against us.</summary>
internal static class Subjects
{
    public static TheoryData<string> All { get; } =
        [.. (Environment.GetEnvironmentVariable("MGMT_STORM_SUBJECTS") ?? "etcd,mgmt").Split(',').Where(static name => Subject.Of(name).Obstacle.Length == 0)];
}
