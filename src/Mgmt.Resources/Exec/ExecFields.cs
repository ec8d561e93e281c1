using Mgmt.Engine.Kinds;

namespace Mgmt.Resources.Exec;

/// <summary>The fields of an exec, and what each allows.</summary>
internal static class ExecFields
{
    private const string CommandNote = "Without a shell it is split into words as a POSIX shell would; nothing in it is expanded.";

    internal static readonly Field<string> Command = new(
        "cmd", FieldType.Text, "The command to run; required. " + CommandNote, "") { Rule = CheckCommand };

    internal static readonly Field<string> Shell = new("shell", FieldType.Text, "The shell that runs cmd, as in \"/bin/bash -e\"; none by default.", "") { Rule = CheckShell };

    internal static readonly Field<long> Timeout = new(
        "timeout", FieldType.Integer, "Milliseconds that cmd, and ifcmd, may each take before it is ended with all that it started; 0 is any.", 0)
        { Minimum = 0, Maximum = int.MaxValue };

    internal static readonly Field<string> WatchCommand = new(
        "watchcmd", FieldType.Text, "A command that goes on running: each line that it prints is an event. It runs under noop too. " + CommandNote, "") { Rule = CheckText };

    internal static readonly Field<string> WatchShell = new("watchshell", FieldType.Text, "The shell that runs watchcmd; none by default.", "") { Rule = CheckShell };

    internal static readonly Field<string> IfCommand = new(
        "ifcmd", FieldType.Text, "A check: cmd runs only where it exits with 0. It must change nothing, as it runs under noop too. " + CommandNote, "") { Rule = CheckText };

    internal static readonly Field<string> IfShell = new("ifshell", FieldType.Text, "The shell that runs ifcmd; none by default.", "") { Rule = CheckShell };

    internal static readonly Field<string> Directory = new(
        "cwd", FieldType.Text, "The directory that the commands run in; the agent's own by default.", "") { Rule = CheckPath };

    internal static readonly Field<TextMap> Environment = new(
        "env", FieldType.Map, "Variables for the commands, on top of the agent's own.", TextMap.Empty) { Rule = CheckEnvironment };

    internal static readonly Field<string> User = new("user", FieldType.Text, "The user, by name or number, that the commands run as; the agent's own by default.", "") { Rule = CheckText };

    internal static readonly Field<string> Group = new("group", FieldType.Text, "The group, by name or number, that the commands run as; the user's own by default.", "") { Rule = CheckText };

    internal static readonly Field<string> Creates = new(
        "creates", FieldType.Text, "A path that cmd makes: where it exists, even as a dangling link, there is nothing to do.", "") { Rule = CheckPath };

    internal static FieldSet All { get; } = new(
        Command, Shell, Timeout, WatchCommand, WatchShell, IfCommand, IfShell, Directory, Environment, User, Group, Creates);

    private static string? CheckText(string text) => text.Contains('\0', StringComparison.Ordinal) ? "it contains a null character" : null;

    private static string? CheckCommand(string text) => string.IsNullOrWhiteSpace(text) ? "it is empty" : CheckText(text);

    private static string? CheckPath(string path) => path.Length > 0 && path[0] != '/' ? "it is not an absolute path" : CheckText(path);

    private static string? CheckShell(string text)
    {
        if (text.Length == 0) return null;
        if (!Words.TrySplit(text, out var words, out var error)) return error;
        return words.Count == 0 || words[0].Length == 0 ? "it names no program" : CheckText(text);
    }

    private static string? CheckEnvironment(TextMap variables)
    {
        foreach (var (name, value) in variables)
        {
            if (name.Length == 0 || name.Contains('=', StringComparison.Ordinal)) return $"\"{name}\" cannot be the name of a variable";
            if (name.Contains('\0', StringComparison.Ordinal) || CheckText(value) is not null) return $"variable {name.Replace("\0", "", StringComparison.Ordinal)} contains a null character";
        }

        return null;
    }
}
