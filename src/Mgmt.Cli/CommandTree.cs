using System.CommandLine;
using System.CommandLine.Help;
using Mgmt.Cli.Commands;

namespace Mgmt.Cli;

/// <summary>All commands, and as much of them for the parser as a command line needs.</summary>
internal sealed class CommandTree(IReadOnlyList<ICommand> plain, IReadOnlyList<Family> families)
{
    /// <summary>The commands of one word.</summary>
    public IReadOnlyList<ICommand> Plain { get; } = plain;

    /// <summary>Those that people are told of.</summary>
    public IEnumerable<ICommand> Shown => Plain.Where(static command => !command.IsHidden);

    public IReadOnlyList<Family> Families { get; } = families;

    /// <summary>Every command, made for this if need be.</summary>
    public IEnumerable<ICommand> All => Plain.Concat(Families.SelectMany(static family => family.Commands));

    /// <summary>The commands that begin with these words, of which there is at least one.</summary>
    public IReadOnlyList<ICommand> Below(string path) =>
        [.. Families.Where(family => path == family.Name || path.StartsWith(family.Name + " ", StringComparison.Ordinal))
            .SelectMany(static family => family.Commands)
            .Where(command => command.Name.StartsWith(path + " ", StringComparison.Ordinal))];

    /// <summary>The command with exactly these words, or null.</summary>
    public ICommand? Find(string path)
    {
        if (Plain.FirstOrDefault(command => command.Name == path) is { } command) return command;
        return path.Contains(' ', StringComparison.Ordinal) ? Families.Where(family => path.StartsWith(family.Name + " ", StringComparison.Ordinal)).SelectMany(static family => family.Commands).FirstOrDefault(one => one.Name == path) : null;
    }

    /// <summary>The words of the command that the parser found.</summary>
    public static string PathOf(ParseResult parsed)
    {
        var words = new List<string>();
        for (var at = parsed.CommandResult; at.Parent is System.CommandLine.Parsing.CommandResult above; at = above) words.Insert(0, at.Command.Name);
        return string.Join(' ', words);
    }

    /// <summary>What the parser is to know for these arguments; for completions, everything.</summary>
    public RootCommand ForParser(IReadOnlyList<string> arguments)
    {
        var root = new RootCommand();
        root.Options.Clear();
        root.Options.Add(new HelpOption("--help", "-h") { Recursive = true });
        root.Options.Add(new Option<bool>("--version"));
        foreach (var command in Plain) Add(root, command);
        foreach (var family in Families)
        {
            var symbol = new Command(family.Name, family.Summary);
            root.Subcommands.Add(symbol);
            if (arguments[0] != family.Name && !arguments[0].StartsWith('[')) continue;
            foreach (var command in family.Commands) Add(root, command);
        }

        return root;
    }

    private static void Add(Command root, ICommand command)
    {
        var at = root;
        foreach (var word in command.Name.Split(' '))
        {
            var next = at.Subcommands.FirstOrDefault(one => one.Name == word);
            if (next is null) at.Subcommands.Add(next = new Command(word));
            at = next;
        }

        (at.Description, at.Hidden) = (command.Summary, command.IsHidden);
        foreach (var flag in command.Flags) at.Options.Add(flag.Symbol);
        foreach (var operand in command.Operands) at.Arguments.Add(operand.Symbol);
    }
}
