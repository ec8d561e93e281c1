using System.Globalization;
using System.Text.RegularExpressions;

namespace Mgmt.Acceptance.Tests;

/// <summary>Every example runs to its end, its sleeps shortened and its directory a temporary one.</summary>
public sealed partial class ExampleTests
{
    internal static readonly string Examples = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../../examples"));

    public static TheoryData<string> Names => [.. AllNames];

    private static IEnumerable<string> AllNames => Directory.GetFiles(Examples, "*.yaml").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    /// <summary>Those that this machine can run as it is; the others change a host's services and packages, or what is mounted.</summary>
    public static TheoryData<string> NamesForHere => [.. AllNames.Where(name => !NeedsHost(name) && !NeedsDisk(name))];

    internal static bool NeedsHost(string name) => HasKind(name, "svc") || HasKind(name, "pkg");

    internal static bool NeedsDisk(string name) => HasKind(name, "mount") || HasKind(name, "luks");

    private static bool HasKind(string name, string kind) => File.ReadAllText(Path.Combine(Examples, name)).Contains($"\n  {kind}:\n", StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(NamesForHere))]
    public async Task AnExampleConverges(string name)
    {
        using var place = new Workplace();
        var graph = place.Write("graph.yaml", Shorten(name, place.Root));
        var (exitCode, output) = await MgmtProcess.RunAsync("run", "--file", graph, "--converged-timeout", "0", "--tmp-prefix");
        Assert.True(exitCode == 0, output);
        Assert.Contains(" 0 failed, 0 blocked", output, StringComparison.Ordinal);
        foreach (Match file in KeptFile().Matches(Shorten(name, place.Root)))
        {
            if (name == "noop1.yaml" && file.Groups["path"].Value.EndsWith("f2", StringComparison.Ordinal)) Assert.False(File.Exists(file.Groups["path"].Value));
            else Assert.Equal(file.Groups["text"].Value + "\n", await File.ReadAllTextAsync(file.Groups["path"].Value));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task AnExampleSaysWhatToWatch(string name) =>
        Assert.StartsWith("# Watch: ", (await File.ReadAllLinesAsync(Path.Combine(Examples, name)))[0], StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(NamesForHere))]
    public async Task AnExampleIsDrawn(string name)
    {
        var (exitCode, output) = await MgmtProcess.RunAsync("graph", "--file", Path.Combine(Examples, name), "--format", "dot");
        Assert.True(exitCode == 0, output);
        Assert.StartsWith("digraph", output, StringComparison.Ordinal);
    }

    internal static string Shorten(string name, string root) => Sleep().Replace(
        Place().Replace(File.ReadAllText(Path.Combine(Examples, name)), match => root + match.Value["/tmp".Length..]),
        match => string.Create(CultureInfo.InvariantCulture, $"sleep {int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) / 100.0}"));

    [GeneratedRegex(@"/tmp/mgmt[A-E]?(?=[/ ])")]
    private static partial Regex Place();

    [GeneratedRegex(@"sleep (\d+)s")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"path: (?<path>\S+)\s+content: \|\s+(?<text>.+)")]
    private static partial Regex KeptFile();
}
