using System.CommandLine;

namespace Mgmt.Cli.Flags;

/// <summary>Reads one written value. The answer is null when it is right, else the end of a sentence: <c>it is not a whole number</c>.</summary>
internal delegate string? Reading<T>(string text, out T value);

/// <summary>One flag, declared once: parsing, the environment variable, completion and help are derived from it.</summary>
internal abstract class Flag(string name, string valueName, string summary)
{
    /// <summary>As it is written: <c>--max-runtime</c>.</summary>
    public string Name { get; } = name;

    /// <summary>What stands for its value in help; empty for a switch.</summary>
    public string ValueName { get; } = valueName;

    /// <summary>A few words for help.</summary>
    public string Summary { get; } = summary;

    /// <summary>The values that there are; none when they cannot be listed.</summary>
    public IReadOnlyList<string> Choices { get; protected init; } = [];

    /// <summary>Whether it may be given several times.</summary>
    public bool IsRepeatable { get; init; }

    /// <summary>Whether it takes no value, or <c>true</c> or <c>false</c>.</summary>
    public bool IsSwitch => ValueName.Length == 0;

    /// <summary>
    /// Whether it belongs to one request alone: no environment variable stands for it, and a switch takes no value, so that the word behind it is an operand.
    /// </summary>
    public bool IsOfRequest { get; init; }

    /// <summary>A shorter way to write it, such as <c>-o</c>, or nothing.</summary>
    public string Short { get; init; } = "";

    /// <summary>The environment variable that stands for it: <c>MGMT_MAX_RUNTIME</c>.</summary>
    public string Variable { get; } = "MGMT_" + name[2..].ToUpperInvariant().Replace('-', '_');

    /// <summary>Whether this is how it is written.</summary>
    public bool IsCalled(ReadOnlySpan<char> written) => written.SequenceEqual(Name) || (Short.Length > 0 && written.SequenceEqual(Short));

    /// <summary>What the parser knows of it.</summary>
    public Option Symbol => field ??= MakeSymbol();

    protected abstract Option MakeSymbol();
}

/// <summary>A flag whose value is a <typeparamref name="T"/>.</summary>
internal sealed class Flag<T> : Flag
{
    /// <summary>Declares the flag.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="valueName">For help; empty for a switch.</param>
    /// <param name="summary">For help.</param>
    /// <param name="read">Reads a value, from the command line or the environment.</param>
    /// <param name="isRepeatable">Whether it may be given several times.</param>
    /// <param name="choices">Offered when a shell completes the value.</param>
    public Flag(string name, string valueName, string summary, Reading<T> read, bool isRepeatable = false, params string[] choices)
        : base(name, valueName, summary)
    {
        Read = read;
        IsRepeatable = isRepeatable;
        Choices = choices;
    }

    public Reading<T> Read { get; }

    protected override Option MakeSymbol()
    {
        var option = IsSwitch ? new Option<bool>(Name) : WithValue(Name, IsRepeatable, [.. Choices]);
        if (IsSwitch && IsOfRequest) option.Arity = ArgumentArity.Zero;
        if (Short.Length > 0) option.Aliases.Add(Short);
        return option;
    }

    // The parser sees all values as text: what is wrong with one is said in the same words for a flag and for a variable.
    private static Option WithValue(string name, bool isRepeatable, string[] choices)
    {
        Option option = isRepeatable ? new Option<string[]>(name) { Arity = ArgumentArity.OneOrMore } : new Option<string>(name);
        if (choices.Length > 0) option.CompletionSources.Add(choices);
        return option;
    }
}
