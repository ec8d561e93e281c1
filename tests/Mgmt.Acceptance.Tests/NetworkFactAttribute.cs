namespace Mgmt.Acceptance.Tests;

/// <summary>A fact that makes network namespaces, which takes root.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NetworkFactAttribute : FactAttribute
{
    public override string? Skip
    {
        get => Environment.IsPrivilegedProcess ? base.Skip : "it makes network namespaces: run it as root";
        set => base.Skip = value;
    }
}
