namespace Mgmt.Acceptance.Tests;

/// <summary>A fact that mounts file systems or takes privileges away, which takes root.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootFactAttribute : FactAttribute
{
    public override string? Skip
    {
        get => Environment.IsPrivilegedProcess ? base.Skip : "it mounts a file system or drops capabilities: run it as root";
        set => base.Skip = value;
    }
}
