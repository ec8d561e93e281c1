using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Mgmt.Definitions;

/// <summary>Writes the mistakes of a load for people and for programs.</summary>
public static class DiagnosticWriter
{
    /// <summary>Each mistake as <c>file:line:column: cannot …; advice</c>, under it the line and a caret; at the end how many more there are.</summary>
    public static string ToText(LoadResult result)
    {
        var output = new StringBuilder();
        foreach (var one in result.Diagnostics)
        {
            output.Append(one).Append('\n');
            if (one.SourceLine is { } line) output.Append("    ").Append(line.Text).Append("\n    ").Append(line.Marker).Append('\n');
        }

        if (result.Omitted > 0) output.Append(CultureInfo.InvariantCulture, $"and {result.Omitted} more\n");
        return output.ToString();
    }

    /// <summary>An object with <c>diagnostics</c>, a list of objects, and <c>omitted</c>, a number.</summary>
    public static void WriteJson(Utf8JsonWriter writer, LoadResult result)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("diagnostics");
        foreach (var one in result.Diagnostics) Write(writer, one);
        writer.WriteEndArray();
        writer.WriteNumber("omitted", result.Omitted);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Diagnostic one)
    {
        writer.WriteStartObject();
        writer.WriteString("severity", one.Severity == Severity.Error ? "error" : "warning");
        writer.WriteString("file", one.Place.File);
        writer.WriteNumber("line", one.Place.Line);
        writer.WriteNumber("column", one.Place.Column);
        writer.WriteString("message", one.Message);
        writer.WriteString("advice", one.Advice);
        if (one.SourceLine is { } line)
        {
            writer.WriteString("source", line.Text);
            writer.WriteString("marker", line.Marker);
        }

        writer.WriteEndObject();
    }
}
