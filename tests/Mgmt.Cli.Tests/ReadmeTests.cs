using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Mgmt.Cli.Tests;

/// <summary>What README tells people to type, and to look at, is there.</summary>
public sealed partial class ReadmeTests
{
    private const string Wrong = "--no-such-flag";

    /// <summary>A flag that is wrong is the one mistake in each command: so the rest of it is understood.</summary>
    [Fact]
    public async Task Its_commands_are_understood()
    {
        var commands = Shown().Concat(Named()).Distinct().ToList();
        Assert.True(commands.Count > 30, string.Join('\n', commands));
        foreach (var command in commands)
        {
            var mgmt = new TestSurroundings();
            Assert.Equal(64, await mgmt.RunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static word => word.Trim('"', '\'')), Wrong]));
            Assert.True(OneMistake().IsMatch(mgmt.Error), $"mgmt {command}: {mgmt.Error}");
        }
    }

    [Fact]
    public void Its_files_are_there()
    {
        var files = Files().Matches(Text).Select(static one => one.Value.TrimEnd('.')).Distinct().ToList();
        Assert.Contains("tools/demo-mesh", files);
        Assert.All(files, static file => Assert.True(Path.Exists(Path.Combine(Root(), file)), file));
    }

    private static string Text { get; } = File.ReadAllText(Path.Combine(Root(), "README.md"));

    // In blocks, after a prompt or not, at the end of a pipe or not; up to a comment, a pipe or a redirection.
    private static IEnumerable<string> Shown() => Blocks().Matches(Text).SelectMany(static block => block.Value.Split('\n')).Select(static line => Lines().Match(line))
        .Where(static found => found.Success).Select(static found => found.Groups[1].Value);

    private static IEnumerable<string> Named() => Quotes().Matches(Text).Select(static one => one.Groups[1].Value).Where(static one => !one.Contains("--help", StringComparison.Ordinal));

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../.."));

    [GeneratedRegex("^cannot use --no-such-flag: [^\n]+\nFor help: [^\n]+\n$")]
    private static partial Regex OneMistake();

    [GeneratedRegex("^```(?:sh)?\n.*?^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"^\s*(?:\w*\$ )?(?:.*\| )?mgmt ([a-z][^#|<>&]*)")]
    private static partial Regex Lines();

    [GeneratedRegex("`mgmt ([a-z][^`|]*)`")]
    private static partial Regex Quotes();

    [GeneratedRegex(@"\b(?:examples|tools)/[\w./-]*\w")]
    private static partial Regex Files();
}
