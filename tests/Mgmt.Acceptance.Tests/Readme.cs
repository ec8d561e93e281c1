using System.Text.RegularExpressions;

namespace Mgmt.Tests;

/// <summary>README's blocks: what people are told to type, and what they are told they will see.</summary>
internal static partial class Readme
{
    private static readonly IReadOnlyList<string> Blocks =
        [.. Fence().Matches(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "../../../../../README.md"))).Select(static one => one.Groups[1].Value)];

    /// <summary>The first block that holds the text.</summary>
    public static string Block(string part) => Blocks[At(part)];

    /// <summary>The block behind that one.</summary>
    public static string After(string part) => Blocks[At(part) + 1];

    /// <summary>The lines of a block or an output, without what is another at each run: times, spans, sizes of stores, hashes, identities and the host's name. In the order of the alphabet, as what runs beside each other ends as it likes.</summary>
    public static IReadOnlyList<string> Lines(string text) => [.. text.Trim().Split('\n').Select(Mask).Order(StringComparer.Ordinal)];

    public static string Mask(string line) => Date().Replace(Identity().Replace(MaskPlain(line), "ID"), "DATE");

    private static string MaskPlain(string line) => Host().Replace(Hash().Replace(Span().Replace(Clock().Replace(line, "TIME"), "SPAN"), "HASH"), "started on HOST");

    /// <summary>The commands of a session and what each printed: lines behind a prompt, and those up to the next.</summary>
    public static IEnumerable<Typed> Session(string part)
    {
        var prompts = Prompt().Matches(Block(part));
        for (var i = 0; i < prompts.Count; i++)
        {
            var from = prompts[i].Index + prompts[i].Length;
            var output = Block(part)[from..(i + 1 < prompts.Count ? prompts[i + 1].Index : ^0)];
            yield return new Typed(prompts[i].Groups[1].Value, prompts[i].Groups[2].Value, output.Trim('\n'));
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

    [GeneratedRegex(@"^(\w*)\$ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Prompt();

    [GeneratedRegex(@"\d\d:\d\d:\d\d\.\d{3}")]
    private static partial Regex Clock();

    [GeneratedRegex(@"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ?")]
    private static partial Regex Date();

    [GeneratedRegex(@"\b[0-9a-f]{16}\b")]
    private static partial Regex Identity();

    [GeneratedRegex(@"\b\d+(\.\d+)? m?s\b")]
    private static partial Regex Span();

    [GeneratedRegex(@"\d+ bytes, SHA-256 [0-9a-f]{64}")]
    private static partial Regex Hash();

    [GeneratedRegex(@"started on \S+")]
    private static partial Regex Host();
}

/// <summary>A command of a session in README.</summary>
/// <param name="Host">On which host, as the prompt says; may be empty.</param>
/// <param name="Command">What is typed.</param>
/// <param name="Output">What it prints, without the end of the last line.</param>
internal sealed record Typed(string Host, string Command, string Output);
