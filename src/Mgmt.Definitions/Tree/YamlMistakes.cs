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
        ("hexadecimal", "an escape in double quotes lacks its digits", "write \\\\ for a backslash, or use single quotes"),
        ("quoted scalar, found wrong indentation", "the quoted text that begins here has no end, or a line that is not indented", "close the quotes, or indent its lines"),
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
        ("incompatible YAML", "the %YAML line has no version that is known", "remove it"),
        ("%YAML", "the %YAML line is malformed", "remove it"),
        ("version", "the %YAML line has no version that is known", "remove it"),
    ];

    /// <summary>Reports the parser's complaint at its place.</summary>
    /// <param name="error">The complaint.</param>
    /// <param name="last">The end of what was understood before.</param>
    /// <param name="text">The whole text.</param>
    /// <param name="problems">Where to report it.</param>
    public static void Report(YamlException error, Mark last, string text, Problems problems)
    {
        if (error.Message.Contains("tab as indentation", StringComparison.Ordinal))
        {
            var at = FirstIndentingTab(text, last);
            problems.Add(at.Line, at.Column, "cannot read this as YAML: a tab cannot indent a line", "use blanks");
            return;
        }

        var (says, advice) = Explain(error.Message);
        var (line, column) = ((int)error.Start.Line, (int)error.Start.Column);
        if (IsTab(text, error.Start)) (says, advice) = ("a tab cannot stand here", "use blanks");
        if (error.Start.Index >= text.TrimEnd().Length) (says, advice) = ("the file ends in the middle of something", "look for a bracket, a brace or a quote that is not closed");
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

    // The parser names the beginning of the map instead, which may be far away.
    private static (int Line, int Column) FirstIndentingTab(string text, Mark last)
    {
        var lines = new LineCursor(text);
        lines.GoTo((int)last.Line);
        while (lines.HasNext)
        {
            lines.Next();
            var column = lines.Current.IndexOfAnyExcept(' ');
            if (column >= 0 && lines.Current[column] == '\t') return (lines.Line, column + 1);
        }

        return (Math.Max((int)last.Line, 1), 1);
    }

    private static bool IsTab(string text, Mark at) => at.Index >= 0 && at.Index < text.Length && text[(int)at.Index] == '\t';
}
