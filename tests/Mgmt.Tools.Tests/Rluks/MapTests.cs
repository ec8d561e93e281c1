namespace Mgmt.Tools.Tests.Rluks;

/// <summary>The map and the command line are checked before any host is asked.</summary>
public sealed class MapTests : IDisposable
{
    private const string Uuid = "5f7c9e6a-3b1d-4b8e-9a55-0f2f6f0c7d11";

    private readonly string _root = Directory.CreateTempSubdirectory("mgmt-rluks-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task AllMistakesAreToldWithTheirPlaces()
    {
        Map("# a map", "", $"box data {Uuid}", "box data", $"-oProxyCommand=x a {Uuid}", $"box a/b {Uuid}", "box a 1234", $"box a {Uuid} mnt", $"box a {Uuid} /mnt/../etc", $"box a {Uuid} /a\\b", $"box a {Uuid} /a b",
            $"box data {Uuid[..^1]}2 /x", $"box b {Uuid.ToUpperInvariant()} /x", $"box b {Uuid[..^1]}2 /mnt/data # comment");
        var (exitCode, output) = await RunAsync("status");
        Assert.Equal(65, exitCode);
        var map = Path.Combine(_root, "rluks");
        string[] expected = ["4: cannot take the UUID \"\"", "5: cannot take the HOST \"-oProxyCommand=x\"", "6: cannot take the NAME \"a/b\"", "7: cannot take the UUID \"1234\"", "8: cannot take the PATH \"mnt\"", "9: cannot take the PATH \"/mnt/../etc\"",
            "10: cannot take the PATH \"/a\\b\"", "11: cannot take the end of the line \"b\"", "12: cannot take the NAME \"data\": line 3 has it for box already", $"13: cannot take the UUID \"{Uuid}\": line 3 has it for box already",
            "14: cannot take the PATH \"/mnt/data\": line 3 has it for box already"];
        var lines = output.TrimEnd('\n').Split('\n');
        Assert.Equal(expected.Length, lines.Length);
        Assert.All(lines.Zip(expected), pair => Assert.StartsWith($"{map}:{pair.Second}", pair.First, StringComparison.Ordinal));
    }

    [Fact]
    public async Task AMapIsThereIsBoundedAndHasDisks()
    {
        Assert.Contains("cannot read the map ", (await RunAsync("status")).Output, StringComparison.Ordinal);
        Map(new string('#', 70_000));
        Assert.Contains("longer than 64 KiB", (await RunAsync("status")).Output, StringComparison.Ordinal);
        Map("# nothing");
        Assert.Equal(65, (await RunAsync("status")).ExitCode);
    }

    [Theory]
    [InlineData("mount box nothing", "cannot find \"nothing\" of \"box\" in ")]
    [InlineData("umount nowhere --all", "cannot find any disk of \"nowhere\" in ")]
    [InlineData("mount box", "cannot mount without a host and names of its disks: rluks mount HOST NAME...|--all")]
    [InlineData("open box data", "cannot do \"open\": it is mount, umount or status")]
    [InlineData("", "usage: rluks mount HOST NAME...|--all")]
    public async Task AMistakeInTheCommandLineIsSaid(string arguments, string expected)
    {
        Map($"box data {Uuid}");
        var (exitCode, output) = await RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(64, exitCode);
        Assert.Contains(expected, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HelpTellsAll()
    {
        var (exitCode, output) = await RunAsync("--help");
        Assert.Equal(0, exitCode);
        foreach (var word in new[] { "~/.config/rluks", "RLUKS_MAP", "RLUKS_SSH", "sudo", "exit codes:", "examples:" }) Assert.Contains(word, output, StringComparison.Ordinal);
    }

    private void Map(params string[] lines) => File.WriteAllLines(Path.Combine(_root, "rluks"), lines);

    private Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) =>
        Command.RunAsync(_root, new Dictionary<string, string?> { ["XDG_CONFIG_HOME"] = _root, ["RLUKS_MAP"] = null, ["RLUKS_SSH"] = "false" }, [Path.Combine(Command.Tools, "rluks"), .. arguments]);
}
