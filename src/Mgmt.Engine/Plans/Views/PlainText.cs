using System.Globalization;
using System.Text;

namespace Mgmt.Engine.Plans.Views;

/// <summary>Text from outside (names, errors, what commands print) as it may be shown on a terminal.</summary>
public static class PlainText
{
    /// <summary>
    /// The text on one line, with every character that could steer a terminal or reorder a line written as an escape: <c>\n</c>, <c>\x1b</c>, <c>\u202e</c>.
    /// </summary>
    public static string Of(string text)
    {
        var first = 0;
        while (first < text.Length && !Steers(text[first])) first++;
        if (first == text.Length) return text;

        var plain = new StringBuilder(text.Length + 8).Append(text, 0, first);
        foreach (var c in text.AsSpan(first))
        {
            if (Steers(c)) plain.Append(Escape(c));
            else plain.Append(c);
        }

        return plain.ToString();
    }

    // Besides the control characters: line separators and what turns the direction of writing.
    private static bool Steers(char c) =>
        char.IsControl(c) || c is '\u061c' or '\u200e' or '\u200f' or (>= '\u2028' and <= '\u202e') or (>= '\u2066' and <= '\u2069');

    private static string Escape(char c) => c switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        < '\u0100' => string.Create(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
    };
}
