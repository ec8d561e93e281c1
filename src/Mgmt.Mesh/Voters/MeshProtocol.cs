namespace Mgmt.Mesh.Voters;

/// <summary>What agents of one mesh have to have in common.</summary>
internal static class MeshProtocol
{
    /// <summary>The version of what agents say to each other. Another one is another language.</summary>
    public const uint Version = 1;

    /// <summary>How far clocks may be apart: leases run on monotonic time, certificates do not.</summary>
    public static readonly TimeSpan LargestClockSkew = TimeSpan.FromMinutes(5);
}
