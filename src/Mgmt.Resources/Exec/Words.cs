using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Mgmt.Resources.Exec;

/// <summary>Splits a command into words as a POSIX shell does, quotes and backslashes included; nothing in it is expanded.</summary>
internal static class Words
{
    private const string Blanks = " \t\n";

    // The characters that a backslash within double quotes takes the meaning from; before any other it stands for itself.
    private const string EscapedInQuotes = "$`\"\\";

    /// <summary>Splits a command; the error is the end of a sentence that starts with "cannot use …: ".</summary>
    internal static bool TrySplit(string text, out IReadOnlyList<string> words, [NotNullWhen(false)] out string? error)
    {
        var all = new List<string>();
        var at = 0;
        words = all;
        error = null;
        while (error is null)
        {
            while (at < text.Length && Blanks.Contains(text[at], StringComparison.Ordinal)) at++;
            if (at == text.Length) return true;
            if (ReadWord(text, ref at, out error) is { } word) all.Add(word);
        }

        return false;
    }

    // Null is a word that was nothing but a line that goes on in the next, or a mistake.
    private static string? ReadWord(string text, ref int at, out string? error)
    {
        var word = new StringBuilder();
        var isWord = false;
        error = null;
        while (error is null && at < text.Length && !Blanks.Contains(text[at], StringComparison.Ordinal))
        {
            var one = text[at++];
            isWord |= one != '\\' || at == text.Length || text[at] != '\n';
            if (one == '\'') error = ReadSingle(text, ref at, word);
            else if (one == '"') error = ReadDouble(text, ref at, word);
            else if (one != '\\') word.Append(one);
            else if (at == text.Length) error = "it ends with a backslash, which has nothing to escape";
            else if (text[at++] is var escaped and not '\n') word.Append(escaped);
        }

        return isWord && error is null ? word.ToString() : null;
    }

    private static string? ReadSingle(string text, ref int at, StringBuilder word)
    {
        var begin = at;
        var end = text.IndexOf('\'', at);
        if (end < 0) return $"the single quote at character {begin} is not closed";
        word.Append(text, at, end - at);
        at = end + 1;
        return null;
    }

    private static string? ReadDouble(string text, ref int at, StringBuilder word)
    {
        var begin = at;
        while (at < text.Length)
        {
            var one = text[at++];
            if (one == '"') return null;
            if (one == '\\' && at < text.Length && text[at] == '\n') at++;
            else if (one == '\\' && at < text.Length && EscapedInQuotes.Contains(text[at], StringComparison.Ordinal)) word.Append(text[at++]);
            else word.Append(one);
        }

        return $"the double quote at character {begin} is not closed";
    }
}
