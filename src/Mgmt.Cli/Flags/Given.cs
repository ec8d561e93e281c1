using System.CommandLine;
using Mgmt.Engine.Plans.Views;

namespace Mgmt.Cli.Flags;

/// <summary>What the user gave, on the command line or else in the environment, with all mistakes found so far.</summary>
internal sealed class Given(ParseResult parsed, Func<string, string?> environment)
{
    private readonly List<string> _mistakes = [];

    /// <summary>Whole sentences that begin with "cannot".</summary>
    public IReadOnlyList<string> Mistakes => _mistakes;

    /// <summary>Notes a mistake that concerns several flags, or none.</summary>
    public void Refuse(string mistake) => _mistakes.Add(mistake);

    /// <summary>Whether the flag stands on the command line itself.</summary>
    public bool IsWritten(Flag flag) => parsed.GetResult(flag.Symbol) is { Implicit: false };

    /// <summary>What stands in an operand's place, or null.</summary>
    public string? Get(Operand operand) => parsed.GetResult(operand.Symbol) is { Tokens.Count: > 0 } result ? result.Tokens[0].Value : null;

    /// <summary>Reads what stands in an operand's place; where nothing does, or nothing right, <paramref name="value"/> is of no use.</summary>
    /// <returns>Whether there was something right.</returns>
    public bool TryGet<T>(Operand operand, Reading<T> read, out T value)
    {
        value = default!;
        if (Get(operand) is not { } text) return false;
        var why = read(text, out value);
        if (why is not null) _mistakes.Add($"cannot use {operand.Name} \"{PlainText.Of(text)}\": {why}");
        return why is null;
    }

    /// <summary>The flag's value, or what holds without it.</summary>
    public T Get<T>(Flag<T> flag, T fallback)
    {
        var texts = Texts(flag, out var source);
        return texts.Length > 0 && TryRead(flag, source, texts[^1], out var value) ? value : fallback;
    }

    /// <summary>All values of a flag that may be given several times.</summary>
    public IReadOnlyList<T> GetAll<T>(Flag<T> flag)
    {
        var values = new List<T>();
        foreach (var text in Texts(flag, out var source))
        {
            if (TryRead(flag, source, text, out var value)) values.Add(value);
        }

        return values;
    }

    private bool TryRead<T>(Flag<T> flag, string source, string text, out T value)
    {
        var why = flag.Read(text, out value);
        if (why is not null) _mistakes.Add($"cannot use {source} \"{PlainText.Of(text)}\": {why}");
        return why is null;
    }

    /// <summary>The values as text, and where they come from. A variable that is empty counts as none.</summary>
    private string[] Texts(Flag flag, out string source)
    {
        source = flag.Name;
        if (parsed.GetResult(flag.Symbol) is { Implicit: false } result)
        {
            return result.Tokens.Count == 0 ? ["true"] : [.. result.Tokens.Select(token => token.Value)];
        }

        source = flag.Variable;
        if (flag.IsOfRequest) return [];
        if (environment(source) is not { Length: > 0 } text) return [];
        return flag.IsRepeatable ? text.Split(':', StringSplitOptions.RemoveEmptyEntries) : [text];
    }
}
