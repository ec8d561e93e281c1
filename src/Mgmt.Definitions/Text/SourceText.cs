using System.Buffers;
using System.Text;

namespace Mgmt.Definitions;

/// <summary>A graph file's text, and what is wrong with it as text.</summary>
internal static class SourceText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly SearchValues<char> Forbidden = SearchValues.Create(ForbiddenCharacters());

    /// <summary>Decodes UTF-8, with or without a byte order mark. Null when it is none, or holds what YAML forbids; that is reported.</summary>
    public static string? Decode(ReadOnlySpan<byte> content, Problems problems)
    {
        if (content.StartsWith(Encoding.UTF8.Preamble)) content = content[3..];
        string text;
        try
        {
            text = Strict.GetString(content);
        }
        catch (DecoderFallbackException error)
        {
            var readable = Encoding.UTF8.GetString(content[..Math.Clamp(error.Index, 0, content.Length)]);
            var (line, column) = End(readable);
            problems.UseText(readable);
            problems.Add(line, column, "cannot read this as text: it is not UTF-8", "save the file as UTF-8");
            return null;
        }

        problems.UseText(text);
        var at = text.AsSpan().IndexOfAny(Forbidden);
        if (at < 0) return text;
        var place = End(text.AsSpan(0, at));
        var what = $"the character U+{(int)text[at]:X4}, which YAML forbids";
        problems.Add(place.Line, place.Column, $"cannot read this as YAML: it holds {what}", "remove it, or write it as an escape within double quotes");
        return null;
    }

    // Everything but the printable characters of YAML 1.2.
    private static string ForbiddenCharacters()
    {
        var characters = new StringBuilder();
        for (var c = '\0'; c < '\xa0'; c++)
        {
            if (c is '\t' or '\n' or '\r' or '\x85' or >= ' ' and < '\x7f') continue;
            characters.Append(c);
        }

        return characters.Append("\ufffe\uffff").ToString();
    }

    private static (int Line, int Column) End(ReadOnlySpan<char> text)
    {
        var lines = new LineCursor(text);
        while (lines.HasNext) lines.Next();
        return (lines.Line, lines.Current.Length + 1);
    }
}
