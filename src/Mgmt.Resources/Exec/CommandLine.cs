using System.Diagnostics.CodeAnalysis;

namespace Mgmt.Resources.Exec;

/// <summary>A command as it is written in a graph, and the words that it is run as.</summary>
/// <param name="Text">As written.</param>
/// <param name="Words">The program and its arguments, those of the shell included; at least one.</param>
internal sealed record CommandLine(string Text, IReadOnlyList<string> Words)
{
    private const int Shown = 100;

    /// <summary>Reads a command; an empty one is null. The error is the end of a sentence that starts with "cannot use …: ".</summary>
    /// <param name="text">The command.</param>
    /// <param name="shell">The words that run it with <c>-c</c>; empty to run it without a shell.</param>
    /// <param name="line">What to run.</param>
    /// <param name="error">What is wrong with the command; a shell that is wrong is not its mistake.</param>
    internal static bool TryParse(string text, string shell, out CommandLine? line, [NotNullWhen(false)] out string? error)
    {
        line = null;
        error = null;
        if (text.Length == 0) return true;
        if (shell.Length > 0)
        {
            if (Exec.Words.TrySplit(shell, out var prefix, out error)) line = new CommandLine(text, [.. prefix, "-c", text]);
            return error is null;
        }

        if (!Exec.Words.TrySplit(text, out var words, out error)) return false;
        if (words.Count == 0 || words[0].Length == 0) error = "it names no program";
        else line = new CommandLine(text, words);
        return error is null;
    }

    /// <summary>
    /// The absolute paths of the programs that a command runs: its own and its shell's. What a shell reads is only looked at for its first word, however it goes on.
    /// </summary>
    internal static IEnumerable<string> Programs(string text, string shell)
    {
        foreach (var command in new[] { shell, text })
        {
            Exec.Words.TrySplit(command, out var words, out _);
            if (words.Count > 0 && words[0].StartsWith('/')) yield return File.PathText.Join(words[0], "", "");
        }
    }

    /// <summary>The command as messages show it: quoted, on one line, and not too long.</summary>
    public override string ToString()
    {
        var end = Text.IndexOf('\n', StringComparison.Ordinal);
        var line = end < 0 ? Text : Text[..end];
        var shown = line.Length > Shown ? line[..Shown] : line;
        return shown.Length < Text.TrimEnd('\n').Length ? $"\"{shown}…\"" : $"\"{shown}\"";
    }
}
