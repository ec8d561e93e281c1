using System.Diagnostics.CodeAnalysis;
using Mgmt.Engine.Kinds;

namespace Mgmt.Definitions;

/// <summary>The kinds that graph files may use, found by name. Case does not count, wherever a kind is written.</summary>
internal sealed class KindCatalog
{
    private readonly Dictionary<string, Kind> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<Kind, string[]> _fieldNames = [];

    public KindCatalog(IReadOnlyList<Kind> kinds)
    {
        Names = [.. kinds.Select(kind => kind.Name).Order(StringComparer.Ordinal)];
        foreach (var kind in kinds)
        {
            _byName.Add(kind.Name, kind);
            _fieldNames.Add(kind, ["name", .. kind.Fields.Select(field => field.Name), "meta"]);
        }
    }

    /// <summary>The names of all kinds, in order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Finds a kind by the name that a file gives it.</summary>
    public bool TryFind(string name, [MaybeNullWhen(false)] out Kind kind) => _byName.TryGetValue(name, out kind);

    /// <summary>The keys that a resource of a kind may have.</summary>
    public IReadOnlyList<string> KeysOf(Kind kind) => _fieldNames[kind];

    /// <summary>Reports a kind that there is not.</summary>
    public void ReportUnknown(ScalarNode at, Problems problems)
    {
        if (!problems.Wants(at.Line, at.Column)) problems.Omit();
        else problems.Add(at, $"cannot use the kind {Wording.Quote(at.Value)}: there is no such kind", Nearest.Advice(at.Value, Names, $"use {Wording.AnyOf(Names)}"));
    }
}
