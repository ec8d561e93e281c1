namespace Mgmt.Mesh.Voters;

/// <summary>What an agent is to the mesh, or why it is nothing.</summary>
/// <param name="Member">The id that it is to have.</param>
/// <param name="Standing">What it is.</param>
/// <param name="Refusal">Why it is nothing; else empty.</param>
/// <param name="IsFinal">Whether asking again cannot help.</param>
internal sealed record Admission(ulong Member, Wire.Standing Standing, string Refusal = "", bool IsFinal = false)
{
    public static Admission Refused(string why, bool isFinal = false) => new(0, Wire.Standing.Unknown, why, isFinal);
}
