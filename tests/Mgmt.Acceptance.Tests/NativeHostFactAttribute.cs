using Mgmt.Tests;

namespace Mgmt.Acceptance.Tests;

/// <summary>A test of the native program on a host with systemd: skipped, by name, where either is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NativeHostFactAttribute : FactAttribute
{
    /// <summary>Why there is none, or null.</summary>
    public static string? Missing => File.Exists(MgmtProcess.Binary + ".dll") ? "needs the native program: tools/test publishes it, or name one in MGMT_BINARY" : TestHost.Missing;

    public override string? Skip
    {
        get => Missing ?? base.Skip;
        set => base.Skip = value;
    }
}
