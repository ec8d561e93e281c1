using System.Globalization;
using System.Text.RegularExpressions;

namespace Mgmt.Acceptance.Tests;

/// <summary>What tools/install puts where, and what systemd thinks of the units.</summary>
public sealed class InstallTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("/usr/local", "/usr/local/lib/systemd/system", "/usr/local/share/zsh/site-functions")]
    [InlineData("/usr", "/lib/systemd/system", "/usr/share/zsh/vendor-completions")]
    [InlineData("/opt/mgmt", "/opt/mgmt/lib/systemd/system", "/opt/mgmt/share/zsh/site-functions")]
    public async Task AllOfItIsInItsPlace(string prefix, string units, string zsh)
    {
        await InstallAsync(prefix);
        Assert.Equal(new FileInfo(MgmtProcess.Binary).Length, new FileInfo(_place[$"root{prefix}/bin/mgmt"]).Length);
        foreach (var unit in (string[])["mgmt", "mgmt-voter"]) Assert.Contains($"\nExecStart={prefix}/bin/mgmt run", Read($"root{units}/{unit}.service"), StringComparison.Ordinal);
        Assert.Contains("complete -F _mgmt mgmt", Read($"root{prefix}/share/bash-completion/completions/mgmt"), StringComparison.Ordinal);
        Assert.StartsWith("#compdef mgmt\n", Read($"root{zsh}/_mgmt"), StringComparison.Ordinal);
        Assert.Contains("complete -c mgmt", Read($"root{prefix}/share/fish/vendor_completions.d/mgmt.fish"), StringComparison.Ordinal);
        Assert.Contains(".TH MGMT 1 ", Read($"root{prefix}/share/man/man1/mgmt.1"), StringComparison.Ordinal);
        Assert.True(Directory.Exists(_place["root/etc/mgmt"]));
        Assert.Empty(Directory.GetFiles(_place["root"], "*.new", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task TheDebugFileIsBesideTheProgramAndWhatTheUserWroteStays()
    {
        var program = _place.Write("program", $"#!/bin/sh\nexec {MgmtProcess.Binary} \"$@\"\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _place.Write("program.dbg", "symbols");
        await InstallAsync("/usr/local", program);
        Assert.Equal("symbols", Read("root/usr/local/bin/mgmt.dbg"));
        Assert.Contains("#MGMT_PEERS=", Read("root/etc/default/mgmt"), StringComparison.Ordinal);
        _place.Write("root/etc/default/mgmt", "MGMT_ZONE=a\n");
        await InstallAsync("/usr/local", program);
        Assert.Equal("MGMT_ZONE=a\n", Read("root/etc/default/mgmt"));
    }

    [Theory]
    [InlineData("mgmt", 6.9)]
    [InlineData("mgmt-voter", 2.0)]
    public async Task TheUnitsAreHardenedAsFarAsTheirWorkAllows(string unit, double most)
    {
        if (!File.Exists("/usr/bin/systemd-analyze")) return; // there is no systemd here that could judge it
        await InstallAsync("/usr");
        var output = await RunAsync("systemd-analyze", ["security", "--offline=true", "--no-pager", _place[$"root/lib/systemd/system/{unit}.service"]], []);
        var level = double.Parse(Regex.Match(output, "Overall exposure level for .*: ([0-9.]+)").Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.True(level <= most, output);
    }

    private string Read(string name) => File.ReadAllText(_place[name]);

    private Task InstallAsync(string prefix, string? binary = null) =>
        RunAsync(Path.Combine(Root, "tools/install"), [], new() { ["DESTDIR"] = _place["root"], ["PREFIX"] = prefix, ["MGMT_BINARY"] = binary ?? MgmtProcess.Binary, ["MGMT_NO_DEBUG"] = binary is null ? "1" : "" });

    internal static string Root => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../.."));

    internal static async Task<string> RunAsync(string program, string[] arguments, Dictionary<string, string> environment)
    {
        await using var process = MgmtProcess.Start(arguments, environment, program);
        var exitCode = await process.ExitAsync();
        Assert.True(exitCode == 0, $"{program} exited with {exitCode}: {process.Seen}");
        return process.Seen;
    }
}
