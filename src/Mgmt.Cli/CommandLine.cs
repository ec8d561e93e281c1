using System.CommandLine;
using System.CommandLine.Help;
using Mgmt.Agent;
using Mgmt.Cli.Commands;
using Mgmt.Cli.Flags;
using Mgmt.Cli.Help;
using Mgmt.Cli.Mistakes;

namespace Mgmt.Cli;

/// <summary>From the words of a command line to an exit code.</summary>
internal sealed class CommandLine
{
    // No files of arguments and no bundles of letters: a word means what it says.
    private static readonly ParserConfiguration Parsing = new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };

    private readonly Surroundings _surroundings;
    private readonly IReadOnlyList<ICommand> _commands;

    public CommandLine(Surroundings surroundings, Rooms rooms)
    {
        _surroundings = surroundings;
        _commands =
        [
            new RunCommand(surroundings, rooms),
            new GraphCommand(surroundings, rooms),
            new KindsCommand(surroundings, rooms),
            new SchemaCommand(surroundings, rooms),
        ];
    }

    /// <summary>Runs what the arguments say.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 0)
        {
            _surroundings.Say(HelpView.OfMgmt(_commands));
            return ExitCode.Usage;
        }

        var parsed = Tree().Parse(arguments, Parsing);
        var command = _commands.FirstOrDefault(one => one.Name == parsed.CommandResult.Command.Name);
        if (arguments[0].StartsWith("[suggest", StringComparison.Ordinal)) return Suggest(parsed);
        if (parsed.Action is HelpAction) return Say(command is null ? HelpView.OfMgmt(_commands) : HelpView.Of(command));
        var mistakes = UsageMistakes.Of(arguments, parsed, _commands);
        if (mistakes.Count > 0 || command is null) return Refuse(mistakes, command);

        var given = new Given(parsed, _surroundings.Environment);
        var run = command.Read(given);
        return given.Mistakes.Count > 0 ? Refuse(given.Mistakes, command) : await run();
    }

    private RootCommand Tree()
    {
        var root = new RootCommand();
        root.Options.Clear();
        root.Options.Add(new HelpOption("--help", "-h") { Recursive = true });
        root.Options.Add(new Option<bool>("--version"));
        foreach (var command in _commands)
        {
            var symbol = new Command(command.Name, command.Summary);
            foreach (var flag in command.Flags) symbol.Options.Add(flag.Symbol);
            root.Subcommands.Add(symbol);
        }

        return root;
    }

    private int Say(string text)
    {
        _surroundings.Say(text);
        return ExitCode.InOrder;
    }

    private int Suggest(ParseResult parsed)
    {
        using var words = new StringWriter();
        var code = parsed.Invoke(new InvocationConfiguration { Output = words });
        _surroundings.Say(words.ToString());
        return code;
    }

    private int Refuse(IReadOnlyList<string> mistakes, ICommand? command)
    {
        foreach (var mistake in mistakes) _surroundings.Complain(mistake + "\n");
        _surroundings.Complain($"For help: mgmt {(command is null ? "" : command.Name + " ")}--help\n");
        return ExitCode.Usage;
    }
}
