using System.Diagnostics.CodeAnalysis;

namespace Mgmt.Agent.Exchange;

/// <summary>Where a sheet is in the store: <c>mgmt/exports/HOST/KIND</c>. Names of resources are in the sheet, so they may hold any character.</summary>
/// <param name="Host">The exporter's name.</param>
/// <param name="Kind">The kind's name.</param>
public readonly record struct SheetKey(string Host, string Kind)
{
    /// <summary>What the keys of all sheets begin with.</summary>
    public const string Root = "mgmt/exports/";

    private const int LongestHost = 253, LongestKind = 64;

    /// <summary>What the keys of one host begin with.</summary>
    public static string Of(string host) => $"{Root}{host}/";

    /// <summary>Whether a host may have such a name.</summary>
    public static bool IsHost(string name) => IsWord(name, LongestHost);

    /// <summary>Reads a key; false for one that no agent writes.</summary>
    public static bool TryParse(string key, [MaybeNullWhen(false)] out SheetKey sheet)
    {
        sheet = default;
        if (!key.StartsWith(Root, StringComparison.Ordinal)) return false;
        var parts = key[Root.Length..].Split('/');
        if (parts.Length != 2 || !IsHost(parts[0]) || !IsWord(parts[1], LongestKind)) return false;
        sheet = new SheetKey(parts[0], parts[1]);
        return true;
    }

    /// <summary>The key.</summary>
    public override string ToString() => Of(Host) + Kind;

    private static bool IsWord(string text, int longest) =>
        text.Length > 0 && text.Length <= longest && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
}
