using YamlDotNet.Core;

namespace Mgmt.Definitions;

/// <summary>Turns what YamlDotNet throws into a sentence that helps the author.</summary>
internal static class YamlMistakes
{
    // What its message contains, what to say instead, and what to do. The first that fits is taken.
    private static readonly (string Contains, string Says, string Advice)[] Known =
    [
        ("Mapping values are not allowed", "a key and its colon cannot stand here", "look at the indentation, or put quotes around text with \": \" in it"),
        ("found invalid mapping", "a key and its colon cannot stand here", "look at the indentation, or put quotes around text with \": \" in it"),
        ("quoted scalar, found unexpected end", "the quoted text that begins here has no end", "close the quotes"),
        ("quoted scalar, found unexpected document indicator", "the quoted text that begins here has no end", "close the quotes"),
        ("unknown escape", "the text in double quotes has an unknown escape", "write \\\\ for a backslash, or use single quotes"),
        ("found wrong indentation", "the lines of this text are not indented", "indent them more than their key"),
        ("cannot start any token", "no value can begin with this character", "put quotes around the text, or blanks in place of a tab"),
        ("did not find expected ',' or ']'", "the list in brackets is not complete", "put commas between its items and ] at its end"),
        ("did not find expected ',' or '}'", "the map in braces is not complete", "put commas between its entries and } at its end"),
        ("did not find expected key", "something that is no key stands among the keys of a map", "look at the indentation, and for quotes within text"),
        ("did not find expected '-' indicator", "something that is no item stands among the items of a list", "look at the indentation, and begin each item with \"- \""),
        ("block sequence entries are not allowed", "a list item cannot begin here", "put it on a line of its own"),
        ("Block sequence entries are not allowed", "a list item cannot begin here", "put it on a line of its own"),
        ("did not find expected node content", "a value is missing here", "write a value, or remove what surrounds it"),
        ("more than one anchor", "a value can have one anchor only", "remove the others"),
        ("expected <document start>", "the text before this is complete, and this does not belong to it", "look at the indentation, and for a missing \": \" after a key"),
        ("expected <document end>", "the text before this is complete, and this does not belong to it", "look at the indentation, and for quotes within text"),
        ("could not find expected ':'", "a key has no colon after it", "write \": \" after the key"),
        ("extra spaces in first line", "the first line of the text is indented more than those after it", "give its lines the same indentation"),
        ("extremely long version", "the %YAML line has no version that is known", "remove it"),
        ("%YAML", "the %YAML line is malformed", "remove it"),
        ("version", "the %YAML line has no version that is known", "remove it"),
    ];

    /// <summary>Reports the parser's complaint at its place.</summary>
    public static void Report(YamlException error, string text, Problems problems)
    {
        var (says, advice) = Explain(error.Message);
        var (line, column) = ((int)error.Start.Line, (int)error.Start.Column);
        if (IsTab(text, error.Start)) (says, advice) = ("a tab cannot indent a line", "use blanks");
        problems.Add(Math.Max(line, 1), Math.Max(column, 1), $"cannot read this as YAML: {says}", advice);
    }

    /// <summary>Reports that the parser gave up without a word.</summary>
    public static void Report(Mark at, Problems problems) =>
        problems.Add(Math.Max((int)at.Line, 1), Math.Max((int)at.Column, 1), "cannot read what follows here as YAML", "look for stray --- and ... lines");

    private static (string Says, string Advice) Explain(string message)
    {
        foreach (var (contains, says, advice) in Known)
        {
            if (message.Contains(contains, StringComparison.Ordinal)) return (says, advice);
        }

        var sentence = message.TrimEnd('.');
        return (char.ToLowerInvariant(sentence.FirstOrDefault(' ')) + Wording.Cut(sentence.Length > 0 ? sentence[1..] : "", 200), "look at the indentation and the quotes around here");
    }

    private static bool IsTab(string text, Mark at) => at.Index >= 0 && at.Index < text.Length && text[(int)at.Index] == '\t';
}
