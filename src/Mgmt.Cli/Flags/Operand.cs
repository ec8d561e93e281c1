using System.CommandLine;

namespace Mgmt.Cli.Flags;

/// <summary>A word of the command line that is known by its place: <c>KEY</c>.</summary>
internal sealed class Operand(string name, string summary, bool isOptional = false)
{
    /// <summary>What stands for it in help.</summary>
    public string Name { get; } = name;

    /// <summary>A few words for help.</summary>
    public string Summary { get; } = summary;

    /// <summary>Whether it may be left out.</summary>
    public bool IsOptional { get; } = isOptional;

    /// <summary>The values that there are; none when they cannot be listed.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>As usage shows it.</summary>
    public string Syntax => IsOptional ? $"[{Name}]" : Name;

    /// <summary>What the parser knows of it. That one is missing is said by us.</summary>
    public Argument<string> Symbol => field ??= MakeSymbol();

    private Argument<string> MakeSymbol()
    {
        var argument = new Argument<string>(Name) { Arity = ArgumentArity.ZeroOrOne };
        if (Choices.Count > 0) argument.CompletionSources.Add([.. Choices]);
        return argument;
    }
}
