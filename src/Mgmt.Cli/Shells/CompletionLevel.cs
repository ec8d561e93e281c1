using Mgmt.Cli.Commands;
using Mgmt.Cli.Flags;

namespace Mgmt.Cli.Shells;

/// <summary>What can follow the words of a command line so far.</summary>
/// <param name="Path">The words behind mgmt: none, those of a family, or a whole command.</param>
/// <param name="Words">The words that go on from there, and what each is for.</param>
/// <param name="Flags">The command's flags.</param>
/// <param name="Operands">What stands beside them.</param>
internal sealed record CompletionLevel(string Path, IReadOnlyList<(string Word, string Summary)> Words, IReadOnlyList<Flag> Flags, IReadOnlyList<Operand> Operands)
{
    /// <summary>Whether the command takes a file beside its flags.</summary>
    public bool TakesFiles => Operands.Any(static operand => IsFile(operand.Name));

    /// <summary>All levels of the tree, that of mgmt alone first.</summary>
    public static IReadOnlyList<CompletionLevel> Of(CommandTree tree)
    {
        var levels = new List<CompletionLevel>
        {
            new("", [.. tree.Shown.Select(static one => (one.Name, one.Summary)), .. tree.Families.Select(static one => (one.Name, one.Summary)), ("--help", "how to use it"), ("--version", "the version")], [], []),
        };
        var commands = tree.All.Where(static one => !one.IsHidden).ToList();
        var inner = commands.SelectMany(static one => Above(one.Name)).Distinct().ToList();
        levels.AddRange(inner.Select(path => new CompletionLevel(path, WordsBelow(path, commands), [], [])));
        levels.AddRange(commands.Select(static one => new CompletionLevel(one.Name, [.. one.Operands.SelectMany(static operand => operand.Choices).Select(static word => (word, ""))], one.Flags, one.Operands)));
        return levels;
    }

    /// <summary>Whether what stands for a value in help is a file or a directory.</summary>
    public static bool IsFile(string valueName) => valueName is "FILE" or "DIR";

    private static IEnumerable<string> Above(string name)
    {
        for (var at = name.IndexOf(' ', StringComparison.Ordinal); at > 0; at = name.IndexOf(' ', at + 1)) yield return name[..at];
    }

    private static IReadOnlyList<(string Word, string Summary)> WordsBelow(string path, List<ICommand> commands) =>
        [.. commands.Where(one => one.Name.StartsWith(path + " ", StringComparison.Ordinal))
            .GroupBy(one => one.Name[(path.Length + 1)..].Split(' ')[0])
            .Select(group => (group.Key, group.Count() == 1 ? group.First().Summary : string.Join(", ", group.Select(static one => one.Name.Split(' ')[^1]))))];
}
