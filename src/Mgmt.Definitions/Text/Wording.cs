using System.Globalization;
using System.Text;

namespace Mgmt.Definitions;

/// <summary>How values from a file are put into messages: bounded, and without anything that a terminal would obey.</summary>
internal static class Wording
{
    private const int ValueLength = 60;

    /// <summary>A value in quotes, cut.</summary>
    public static string Quote(string value) => $"\"{Cut(value, ValueLength)}\"";

    /// <summary>A value as it is written, cut.</summary>
    public static string Cut(string value) => Cut(value, ValueLength);

    /// <summary>The first characters of a text, with a sign when there are more.</summary>
    public static string Cut(string value, int length)
    {
        if (value.Length <= length) return Clean(value);
        var end = char.IsHighSurrogate(value[length - 1]) ? length - 1 : length;
        return Clean(value[..end]) + "…";
    }

    /// <summary>Spells out what is not to be printed as it is: <c>\x1b</c>.</summary>
    public static string Clean(string text)
    {
        foreach (var c in text)
        {
            if (IsUnsafe(c)) return CleanSlowly(text);
        }

        return text;
    }

    /// <summary>Adds one character, spelt out where that is needed.</summary>
    public static void AppendClean(StringBuilder output, char c)
    {
        if (!IsUnsafe(c)) output.Append(c);
        else if (c == '\n') output.Append("\\n");
        else if (c == '\r') output.Append("\\r");
        else if (c == '\t') output.Append("\\t");
        else if (c <= 0xff) output.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}");
        else output.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
    }

    /// <summary>Words with commas and a last "or": <c>a, b or c</c>.</summary>
    public static string AnyOf(IReadOnlyList<string> words) =>
        words.Count < 2 ? string.Concat(words) : $"{string.Join(", ", words.Take(words.Count - 1))} or {words[^1]}";

    // Beside control characters: those that turn the direction of writing, break lines, or cannot be seen.
    private static bool IsUnsafe(char c) => c switch
    {
        < ' ' or (>= '\x7f' and < '\xa0') => true,
        < '\u200b' => false,
        <= '\u200f' or (>= '\u2028' and <= '\u202e') or (>= '\u2060' and <= '\u206f') or '\ufeff' or >= '\ufff9' and <= '\ufffb' => true,
        _ => false,
    };

    private static string CleanSlowly(string text)
    {
        var output = new StringBuilder(text.Length + 16);
        foreach (var c in text) AppendClean(output, c);
        return output.ToString();
    }
}
