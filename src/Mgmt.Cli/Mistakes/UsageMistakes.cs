using System.CommandLine;
using Mgmt.Cli.Commands;
using Mgmt.Cli.Flags;
using Mgmt.Engine.Plans.Views;

namespace Mgmt.Cli.Mistakes;

/// <summary>What is wrong with a command's line before any value is read, in our words instead of the parser's.</summary>
internal static class UsageMistakes
{
    /// <summary>All mistakes of the first sort that there is one of: those of a later sort are often its consequences.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> arguments, ParseResult parsed, ICommand command)
    {
        IEnumerable<Func<IEnumerable<string>>> sorts =
        [
            () => BadlyWritten(arguments, command.Flags),
            () => Unknown(arguments, command, parsed),
            () => command.Flags.SelectMany(flag => WronglyFilled(flag, arguments, parsed)),
            () => command.Operands.Where(operand => !operand.IsOptional && parsed.GetResult(operand.Symbol) is not { Tokens.Count: > 0 })
                .Select(operand => $"cannot run mgmt {command.Name} without {operand.Name}: {operand.Summary}"),
            () => parsed.Errors.Select(error => $"cannot read the command line: {error.Message}"),
        ];
        return sorts.Select(sort => sort().ToList()).FirstOrDefault(mistakes => mistakes.Count > 0) ?? [];
    }

    /// <summary>The flag alone, of one that is written with its value.</summary>
    public static string NameOf(string written) => written.Split('=', 2)[0];

    /// <summary>The sentence about a flag that stands before its command.</summary>
    public static string Misplaced(string name, ICommand owner) => $"cannot use {name} here: it stands after the command, as in mgmt {owner.Name} {name}";

    /// <summary>The end of a sentence that guesses, or nothing.</summary>
    public static string Meant(string written, IEnumerable<string> words) => Nearest.To(written, words) is { } word ? $"; did you mean {word}?" : "";

    /// <summary>The parser takes <c>--file=</c> and <c>--noop=x</c> apart and loses which flag the rest belonged to.</summary>
    private static IEnumerable<string> BadlyWritten(IReadOnlyList<string> arguments, IReadOnlyList<Flag> flags)
    {
        foreach (var argument in arguments.TakeWhile(argument => argument != "--"))
        {
            var sign = argument.AsSpan().IndexOfAny('=', ':');
            if (sign < 0 || flags.FirstOrDefault(flag => flag.IsCalled(argument.AsSpan(0, sign))) is not { } flag) continue;
            var value = argument[(sign + 1)..];
            if (flag is { IsSwitch: true, IsOfRequest: true }) yield return $"cannot use {flag.Name} \"{PlainText.Of(value)}\": it takes no value";
            else if (value.Length == 0) yield return $"cannot use {flag.Name}: it needs a value after \"{argument[sign]}\"";
            else if (flag.IsSwitch && !bool.TryParse(value, out _)) yield return $"cannot use {flag.Name} \"{PlainText.Of(value)}\": it is neither true nor false";
        }
    }

    private static IEnumerable<string> Unknown(IReadOnlyList<string> arguments, ICommand command, ParseResult parsed)
    {
        var afterUnknownFlag = false;
        foreach (var (written, isSpare) in OperandLike(arguments, command, parsed))
        {
            if (written.StartsWith('-') && written.Length > 1)
            {
                var name = NameOf(written);
                yield return command.Flags.Any(flag => flag.IsCalled(name))
                    ? Misplaced(name, command)
                    : $"cannot use {PlainText.Of(name)}: mgmt {command.Name} has no such flag{Meant(name, command.Flags.Select(flag => flag.Name))}{Escape(command)}";
            }
            else if (isSpare && !afterUnknownFlag)
            {
                yield return Spare(written, command);
            }

            // What follows an unknown flag was meant as its value.
            afterUnknownFlag = written.StartsWith('-') && written.Length > 1;
        }
    }

    /// <summary>What was not taken for a flag or its value, in the order written, and whether there was no place for it. What stands behind "--" is meant as it is.</summary>
    private static IEnumerable<(string Written, bool IsSpare)> OperandLike(IReadOnlyList<string> arguments, ICommand command, ParseResult parsed)
    {
        var places = command.Operands.Select(operand => parsed.GetResult(operand.Symbol)).Where(result => result is not null).SelectMany(result => result!.Tokens).Select(token => (token.Value, false));
        var all = places.Concat(parsed.UnmatchedTokens.Select(token => (token, true))).ToList();
        var verbatim = command.Operands.Count == 0 ? 0 : arguments.SkipWhile(argument => argument != "--").Skip(1).Count();
        return all.Where((one, i) => i < all.Count - verbatim || one.Item2);
    }

    private static string Spare(string written, ICommand command)
    {
        var advice = written.Length > 0 && command.Flags.Any(flag => flag.Name == CommonFlags.FileName) ? $"; did you mean {CommonFlags.FileName} {PlainText.Of(written)}?" : "";
        var takes = command.Operands.Count == 0 ? "flags alone" : $"{string.Join(" and ", command.Operands.Select(static one => one.Name))} alone beside flags";
        return $"cannot use argument \"{PlainText.Of(written)}\": mgmt {command.Name} takes {takes}{advice}";
    }

    private static string Escape(ICommand command) => command.Operands.Count == 0 ? "" : " (if it is none, write -- before it)";

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
}
