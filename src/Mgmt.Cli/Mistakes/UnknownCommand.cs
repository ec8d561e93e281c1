using System.CommandLine;
using Mgmt.Cli.Commands;
using Mgmt.Engine.Plans.Views;

namespace Mgmt.Cli.Mistakes;

/// <summary>What is wrong with a command line that names no command.</summary>
internal static class UnknownCommand
{
    /// <summary>The mistake behind the words that were understood.</summary>
    public static IReadOnlyList<string> In(string path, ParseResult parsed, CommandTree tree)
    {
        var written = parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : "";
        if (written.Length == 0) return [$"cannot run mgmt {path}".TrimEnd() + " without a command"];
        var commands = path.Length == 0 ? tree.Plain : tree.Below(path);
        if (path.Length == 0 && (tree.Find(written) is not null || tree.Families.Any(family => family.Name == written))) return [$"cannot run {written} here: the command is the first word"];
        return [written.StartsWith('-') ? Flag(path, UsageMistakes.NameOf(written), commands, tree) : Command(path, written, commands, tree)];
    }

    private static string Command(string path, string written, IReadOnlyList<ICommand> commands, CommandTree tree)
    {
        var whole = path.Length == 0 ? written : $"{path} {written}";
        var words = path.Length == 0 ? tree.Plain.Select(static one => one.Name).Concat(tree.Families.Select(static one => one.Name)) : commands.Select(one => one.Name[(path.Length + 1)..].Split(' ')[0]).Distinct();

        // The word may be right and its family missing: mgmt get.
        var meant = Nearest.To(written, words) is { } word ? $"{path} {word}".TrimStart()
            : tree.All.FirstOrDefault(command => command.Name.EndsWith(" " + written, StringComparison.Ordinal))?.Name;
        return $"cannot run command \"{PlainText.Of(whole)}\": there is no such command{(meant is null ? "" : $"; did you mean {meant}?")}";
    }

    private static string Flag(string path, string name, IReadOnlyList<ICommand> commands, CommandTree tree)
    {
        var owner = commands.FirstOrDefault(Has) ?? (path.Length == 0 ? tree.All.FirstOrDefault(Has) : null);
        return owner is not null
            ? UsageMistakes.Misplaced(name, owner)
            : $"cannot use {PlainText.Of(name)}: mgmt{(path.Length == 0 ? "" : " " + path)} has no such flag{UsageMistakes.Meant(name, ["--help", "--version"])}";

        bool Has(ICommand command) => command.Flags.Any(flag => flag.IsCalled(name));
    }
}
