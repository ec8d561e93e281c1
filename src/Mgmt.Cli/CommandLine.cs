using System.CommandLine;
using System.CommandLine.Help;
using Mgmt.Agent;
using Mgmt.Cli.Commands;
using Mgmt.Cli.Commands.Disks;
using Mgmt.Cli.Commands.Keys;
using Mgmt.Cli.Commands.Members;
using Mgmt.Cli.Commands.Mesh;
using Mgmt.Cli.Commands.Status;
using Mgmt.Cli.Commands.Stores;
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
    private readonly CommandTree _tree;

    public CommandLine(Surroundings surroundings, Rooms rooms)
    {
        _surroundings = surroundings;
        _tree = new(
            [
                new RunCommand(surroundings, rooms),
                new HostStatusCommand(surroundings),
                new UnlockCommand(surroundings),
                new LockCommand(surroundings),
                new GraphCommand(surroundings, rooms),
                new KindsCommand(surroundings, rooms),
                new SchemaCommand(surroundings, rooms),
                new CompletionCommand(surroundings, () => _tree!),
                new ManCommand(surroundings, () => _tree!),
            ],
            [KeyFamily.Of(surroundings), MeshFamily.Of(surroundings), MemberFamily.Of(surroundings), StoreFamily.Of(surroundings)]);
    }

    /// <summary>Runs what the arguments say.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 0)
        {
            _surroundings.Say(HelpView.OfMgmt(_tree));
            return ExitCode.Usage;
        }

        var parsed = _tree.ForParser(arguments).Parse(arguments, Parsing);
        var path = CommandTree.PathOf(parsed);
        var command = _tree.Find(path);
        if (arguments[0].StartsWith("[suggest", StringComparison.Ordinal)) return Suggest(parsed);
        if (parsed.Action is HelpAction) return Say(Help(path, command), ExitCode.InOrder);
        if (command is null && path.Length > 0 && parsed.UnmatchedTokens.Count == 0) return Say(Help(path, command), ExitCode.Usage);
        var mistakes = command is null ? UnknownCommand.In(path, parsed, _tree) : UsageMistakes.Of(arguments, parsed, command);
        if (mistakes.Count > 0 || command is null) return Refuse(mistakes, path);

        var given = new Given(parsed, _surroundings.Environment);
        var run = command.Read(given);
        return given.Mistakes.Count > 0 ? Refuse(given.Mistakes, path) : await run();
    }

    private string Help(string path, ICommand? command)
    {
        if (command is not null) return HelpView.Of(command);
        return path.Length == 0 ? HelpView.OfMgmt(_tree) : HelpView.OfFamily(path, _tree.Below(path));
    }

    private int Say(string text, int exitCode)
    {
        _surroundings.Say(text);
        return exitCode;
    }

    private int Suggest(ParseResult parsed)
    {
        using var words = new StringWriter();
        var code = parsed.Invoke(new InvocationConfiguration { Output = words });
        _surroundings.Say(words.ToString());
        return code;
    }

    private int Refuse(IReadOnlyList<string> mistakes, string path)
    {
        foreach (var mistake in mistakes) _surroundings.Complain(mistake + "\n");
        _surroundings.Complain($"For help: mgmt {(path.Length == 0 ? "" : path + " ")}--help\n");
        return ExitCode.Usage;
    }
}
