using System.Globalization;
using System.Text;

namespace Mgmt.Definitions;

/// <summary>Makes of a line and a column what is printed under a message.</summary>
internal static class Excerpt
{
    private const int Width = 100;

    /// <summary>Cuts the line around the column and puts a caret under it.</summary>
    public static SourceLine Of(ReadOnlySpan<char> line, int column)
    {
        var at = Math.Clamp(column - 1, 0, line.Length);
        var start = line.Length <= Width ? 0 : Math.Max(0, Math.Min(at - (Width / 2), line.Length - Width));
        if (start > 0 && char.IsLowSurrogate(line[start])) start--;
        var end = Math.Min(line.Length, start + Width);
        var text = new StringBuilder();
        var marker = new StringBuilder();
        if (start > 0) Append(text, marker, '…');
        for (var i = start; i < at; i++) Append(text, marker, line[i]);
        for (var i = at; i < end; i++) AppendText(text, line[i]);
        if (end < line.Length) text.Append('…');
        return new SourceLine(text.ToString().TrimEnd(), marker.Append('^').ToString());
    }

    private static void Append(StringBuilder text, StringBuilder marker, char c)
    {
        var before = text.Length;
        AppendText(text, c);
        if (c == '\t') marker.Append('\t');
        else if (text.Length - before > 1) marker.Append(' ', text.Length - before);
        else marker.Append(' ', Columns(c));
    }

    // A tab stays one, so that the caret beneath it, after tabs of its own, is where it should be.
    private static void AppendText(StringBuilder text, char c)
    {
        if (c == '\t') text.Append(c);
        else Wording.AppendClean(text, c);
    }

    // How wide terminals draw it: the letters of East Asia and most pictures take two columns.
    private static int Columns(char c)
    {
        if (c < '\u0300') return 1;
        if (char.IsLowSurrogate(c)) return 1;
        if (char.IsHighSurrogate(c)) return c >= '\ud83c' ? 1 : 0;
        if (CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark) return 0;
        return c is (>= '\u1100' and <= '\u115f') or (>= '\u2e80' and <= '\ua4cf') or (>= '\uac00' and <= '\ud7a3') or (>= '\uf900' and <= '\ufaff')
            or (>= '\ufe30' and <= '\ufe6f') or (>= '\uff00' and <= '\uff60') ? 2 : 1;
    }
}
