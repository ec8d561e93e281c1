using System.CommandLine;
using Mgmt.Cli.Commands;
using Mgmt.Cli.Flags;
using Mgmt.Engine.Plans.Views;

namespace Mgmt.Cli.Mistakes;

/// <summary>What is wrong with a command line before any value is read, in our words instead of the parser's.</summary>
internal static class UsageMistakes
{
    /// <summary>All mistakes of the first sort that there is one of: those of a later sort are often its consequences.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> arguments, ParseResult parsed, IReadOnlyList<ICommand> commands)
    {
        var command = commands.FirstOrDefault(one => one.Name == parsed.CommandResult.Command.Name);
        var flags = command?.Flags ?? [];
        IEnumerable<Func<IEnumerable<string>>> sorts =
        [
            () => BadlyWritten(arguments, flags),
            () => command is null ? UnknownToMgmt(parsed, commands) : UnknownTo(command, parsed),
            () => flags.SelectMany(flag => WronglyFilled(flag, arguments, parsed)),
            () => parsed.Errors.Select(error => $"cannot read the command line: {error.Message}"),
        ];
        return sorts.Select(sort => sort().ToList()).FirstOrDefault(mistakes => mistakes.Count > 0) ?? [];
    }

    /// <summary>The parser takes <c>--file=</c> and <c>--noop=x</c> apart and loses which flag the rest belonged to.</summary>
    private static IEnumerable<string> BadlyWritten(IReadOnlyList<string> arguments, IReadOnlyList<Flag> flags)
    {
        foreach (var argument in arguments.TakeWhile(argument => argument != "--"))
        {
            var sign = argument.AsSpan().IndexOfAny('=', ':');
            if (sign < 0 || flags.FirstOrDefault(flag => flag.Name == argument[..sign]) is not { } flag) continue;
            var value = argument[(sign + 1)..];
            if (value.Length == 0) yield return $"cannot use {flag.Name}: it needs a value after \"{argument[sign]}\"";
            else if (flag.IsSwitch && !bool.TryParse(value, out _)) yield return $"cannot use {flag.Name} \"{PlainText.Of(value)}\": it is neither true nor false";
        }
    }

    private static IEnumerable<string> UnknownToMgmt(ParseResult parsed, IReadOnlyList<ICommand> commands)
    {
        var written = parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : "";
        if (written.Length == 0) return ["cannot run mgmt without a command"];
        if (commands.Any(command => command.Name == written)) return [$"cannot run {written} here: the command is the first word"];
        if (!written.StartsWith('-')) return [$"cannot run command \"{PlainText.Of(written)}\": there is no such command{Meant(written, commands.Select(command => command.Name))}"];
        var name = NameOf(written);
        var owner = commands.FirstOrDefault(command => command.Flags.Any(flag => flag.Name == name));
        return [owner is null
            ? $"cannot use {PlainText.Of(name)}: mgmt has no such flag{Meant(name, ["--help", "--version"])}"
            : Misplaced(name, owner)];
    }

    private static IEnumerable<string> UnknownTo(ICommand command, ParseResult parsed)
    {
        var afterUnknownFlag = false;
        foreach (var written in parsed.UnmatchedTokens)
        {
            if (written.StartsWith('-'))
            {
                var name = NameOf(written);
                yield return command.Flags.Any(flag => flag.Name == name)
                    ? Misplaced(name, command)
                    : $"cannot use {PlainText.Of(name)}: mgmt {command.Name} has no such flag{Meant(name, command.Flags.Select(flag => flag.Name))}";
            }
            else if (!afterUnknownFlag)
            {
                var advice = written.Length > 0 && command.Flags.Any(flag => flag.Name == CommonFlags.FileName) ? $"; did you mean {CommonFlags.FileName} {PlainText.Of(written)}?" : "";
                yield return $"cannot use argument \"{PlainText.Of(written)}\": mgmt {command.Name} takes flags alone{advice}";
            }

            // What follows an unknown flag was meant as its value.
            afterUnknownFlag = written.StartsWith('-');
        }
    }

    private static IEnumerable<string> WronglyFilled(Flag flag, IReadOnlyList<string> arguments, ParseResult parsed)
    {
        if (flag.IsSwitch || parsed.GetResult(flag.Symbol) is not { Implicit: false } result) yield break;
        if (result.Tokens.Count < result.IdentifierTokenCount) yield return $"cannot use {flag.Name}: it needs a value";
        foreach (var value in result.Tokens.Select(token => token.Value).Where(value => value.StartsWith("--", StringComparison.Ordinal)))
        {
            if (arguments.Contains($"{flag.Name}={value}", StringComparer.Ordinal)) continue;
            yield return $"cannot use {flag.Name} \"{PlainText.Of(value)}\": it needs a value, and this looks like a flag (write {flag.Name}={PlainText.Of(value)} if it is none)";
        }

        if (!flag.IsRepeatable && result.Tokens.Count > 1) yield return $"cannot use {flag.Name} \"{PlainText.Of(result.Tokens[1].Value)}\": it is there already";
    }

    private static string Misplaced(string name, ICommand owner) => $"cannot use {name} here: it stands after the command, as in mgmt {owner.Name} {name}";

    private static string NameOf(string written) => written.Split('=', 2)[0];

    private static string Meant(string written, IEnumerable<string> words) => Nearest.To(written, words) is { } word ? $"; did you mean {word}?" : "";
}
