namespace Mgmt.Acceptance.Tests;

/// <summary>The demo of several machines, as far as one machine can check it.</summary>
public sealed class VagrantTests
{
    [VagrantTheory]
    [InlineData("1")]
    [InlineData("5")]
    public async Task VagrantTakesTheFile(string hosts)
    {
        using var place = new Workplace();
        var environment = new Dictionary<string, string> { ["MGMT_HOSTS"] = hosts, ["VAGRANT_CWD"] = Root, ["VAGRANT_DOTFILE_PATH"] = place[".vagrant"], ["VAGRANT_HOME"] = place["home"], ["VAGRANT_CHECKPOINT_DISABLE"] = "1" };
        await using var vagrant = MgmtProcess.Start(["validate", "--ignore-provider"], environment, VagrantTheoryAttribute.Program);
        var exitCode = await vagrant.ExitAsync();
        Assert.True(exitCode == 0, vagrant.Seen);
        Assert.Equal(int.Parse(hosts, System.Globalization.CultureInfo.InvariantCulture), vagrant.Seen.Split('\n').Count(static line => line.Contains("Ignoring provider", StringComparison.Ordinal)));
    }

    private static string Root => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../.."));
}

/// <summary>A theory that needs vagrant.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class VagrantTheoryAttribute : TheoryAttribute
{
    public const string Program = "/usr/bin/vagrant";

    public override string? Skip
    {
        get => File.Exists(Program) ? base.Skip : "vagrant is not there: install it";
        set => base.Skip = value;
    }
}
