using System.Globalization;
using System.Text;
using Mgmt.Engine;
using Mgmt.Engine.Kinds;

namespace Mgmt.Definitions;

/// <summary>Describes kinds and their fields for people, in words taken from the fields themselves.</summary>
public static class KindDocs
{
    /// <summary>For a terminal: each kind with its fields in columns, then <c>meta</c>.</summary>
    public static string ToText(IReadOnlyList<Kind> kinds)
    {
        var output = new StringBuilder();
        foreach (var kind in kinds) AppendText(output, kind.Name, kind.Summary, RowsOf(kind));
        AppendText(output, "meta", "What every resource may have under meta.", [.. Meta.Fields.Select(RowOf)]);
        return output.ToString();
    }

    /// <summary>For documentation: each kind as a section with a table, then <c>meta</c>.</summary>
    public static string ToMarkdown(IReadOnlyList<Kind> kinds)
    {
        var output = new StringBuilder();
        foreach (var kind in kinds) AppendMarkdown(output, kind.Name, kind.Summary, RowsOf(kind));
        AppendMarkdown(output, "meta", "What every resource may have under `meta`.", [.. Meta.Fields.Select(RowOf)]);
        return output.ToString();
    }

    private static Row[] RowsOf(Kind kind) =>
        [new Row("name", "text", "required", "Names the resource within its kind; @@ before it exports it."), .. kind.Fields.Select(RowOf)];

    private static Row RowOf(Field field)
    {
        var type = field.OneOf.Count > 0 ? string.Join('|', field.OneOf) : TypeOf(field.Type);
        return new Row(field.Name, type, DefaultOf(field.DefaultValue), field.Summary);
    }

    private static string TypeOf(FieldType type) => type switch
    {
        FieldType.Boolean => "true|false",
        FieldType.Integer => "integer",
        FieldType.Number => "number",
        FieldType.List => "list",
        FieldType.Map => "map",
        _ => "text",
    };

    private static string DefaultOf(object? value) => value switch
    {
        null or "" => "-",
        bool flag => flag ? "true" : "false",
        double.PositiveInfinity => ".inf",
        TextList { Count: 0 } => "[]",
        TextMap { Count: 0 } => "{}",
        TextList list => $"[{string.Join(", ", list)}]",
        TextMap map => $"{{{string.Join(", ", map.Select(entry => $"{entry.Key}: {entry.Value}"))}}}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "-",
    };

    private static void AppendText(StringBuilder output, string name, string summary, Row[] rows)
    {
        if (output.Length > 0) output.Append('\n');
        output.Append(CultureInfo.InvariantCulture, $"{name}: {summary}\n");
        var names = rows.Max(row => row.Name.Length);
        var types = rows.Max(row => row.Type.Length);
        var defaults = rows.Max(row => row.Default.Length);
        foreach (var row in rows)
            output.Append("  ").Append(row.Name.PadRight(names + 2)).Append(row.Type.PadRight(types + 2)).Append(row.Default.PadRight(defaults + 2)).Append(row.Summary).Append('\n');
    }

    private static void AppendMarkdown(StringBuilder output, string name, string summary, Row[] rows)
    {
        if (output.Length > 0) output.Append('\n');
        output.Append(CultureInfo.InvariantCulture, $"## {name}\n\n{summary}\n\n| field | type | default | meaning |\n| --- | --- | --- | --- |\n");
        foreach (var row in rows)
            output.Append(CultureInfo.InvariantCulture, $"| `{row.Name}` | {Cell(row.Type)} | {Cell(row.Default)} | {Cell(row.Summary)} |\n");
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private readonly record struct Row(string Name, string Type, string Default, string Summary);
}
