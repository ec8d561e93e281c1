using System.Text.RegularExpressions;

namespace Mgmt.Acceptance.Tests;

/// <summary>README's blocks: what people are told to type, and what they are told they will see.</summary>
internal static partial class Readme
{
    private static readonly IReadOnlyList<string> Blocks =
        [.. Fence().Matches(File.ReadAllText(Path.Combine(ExampleTests.Examples, "../README.md"))).Select(static one => one.Groups[1].Value)];

    /// <summary>The first block that holds the text.</summary>
    public static string Block(string part) => Blocks[At(part)];

    /// <summary>The block behind that one.</summary>
    public static string After(string part) => Blocks[At(part) + 1];

    /// <summary>The lines of a block or an output, without what is another at each run: times, spans, sizes of stores, hashes and the host's name. In the order of the alphabet, as what runs beside each other ends as it likes.</summary>
    public static IReadOnlyList<string> Lines(string text) => [.. text.Trim().Split('\n').Select(Mask).Order(StringComparer.Ordinal)];

    public static string Mask(string line) => Host().Replace(Hash().Replace(Span().Replace(Clock().Replace(line, "TIME"), "SPAN"), "HASH"), "started on HOST");

    /// <summary>The commands of a session and what each printed: lines behind a prompt, and those up to the next.</summary>
    public static IEnumerable<(string Command, string Output)> Session(string part)
    {
        foreach (var one in Block(part).Split("$ ", StringSplitOptions.RemoveEmptyEntries))
        {
            var end = one.IndexOf('\n', StringComparison.Ordinal);
            yield return (one[..end], one[(end + 1)..].TrimEnd());
        }
    }

    private static int At(string part)
    {
        for (var i = 0; i < Blocks.Count; i++)
        {
            if (Blocks[i].Contains(part, StringComparison.Ordinal)) return i;
        }

        throw new ArgumentException($"README has no block with \"{part}\"", nameof(part));
    }

    [GeneratedRegex("^```[a-z]*\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"\d\d:\d\d:\d\d\.\d{3}")]
    private static partial Regex Clock();

    [GeneratedRegex(@"\b\d+(\.\d+)? m?s\b")]
    private static partial Regex Span();

    [GeneratedRegex(@"\d+ bytes, SHA-256 [0-9a-f]{64}")]
    private static partial Regex Hash();

    [GeneratedRegex(@"started on \S+")]
    private static partial Regex Host();
}
