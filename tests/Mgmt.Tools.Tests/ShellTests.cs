namespace Mgmt.Tools.Tests;

/// <summary>The tools as shellcheck sees them.</summary>
public sealed class ShellTests
{
    [ShellcheckFact]
    public async Task ShellcheckFindsNothing()
    {
        string[] scripts = ["tools/git-tpush", "tools/tpush-ci.sh", "tools/rluks", "tests/Mgmt.Tools.Tests/Rluks/luks-host", "tests/Mgmt.Tools.Tests/Rluks/cryptsetup"];
        var root = Path.GetDirectoryName(Command.Tools)!;
        var (exitCode, output) = await Command.RunAsync(root, new Dictionary<string, string?>(), [ShellcheckFactAttribute.Program, "-x", .. scripts]);
        Assert.True(exitCode == 0, output);
    }
}

/// <summary>A fact that needs shellcheck.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ShellcheckFactAttribute : FactAttribute
{
    public const string Program = "/usr/bin/shellcheck";

    public override string? Skip
    {
        get => File.Exists(Program) ? base.Skip : "shellcheck is not there: install it";
        set => base.Skip = value;
    }
}
