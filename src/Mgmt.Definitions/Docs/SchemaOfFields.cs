using System.Text.Json;
using Mgmt.Engine.Kinds;

namespace Mgmt.Definitions;

/// <summary>The schema of one field.</summary>
internal static class SchemaOfFields
{
    /// <summary>Writes it as a property.</summary>
    public static void Write(Utf8JsonWriter json, Field field)
    {
        json.WriteStartObject(field.Name);
        json.WriteString("description", field.Summary);
        json.WriteString("type", TypeOf(field.Type));
        if (field.Type == FieldType.List) WriteStrings(json, "items");
        if (field.Type == FieldType.Map) WriteStrings(json, "additionalProperties");
        WriteBounds(json, field);
        WriteDefault(json, field.DefaultValue);
        json.WriteEndObject();
    }

    private static string TypeOf(FieldType type) => type switch
    {
        FieldType.Boolean => "boolean",
        FieldType.Integer => "integer",
        FieldType.Number => "number",
        FieldType.List => "array",
        FieldType.Map => "object",
        _ => "string",
    };

    private static void WriteStrings(Utf8JsonWriter json, string of)
    {
        json.WriteStartObject(of);
        json.WriteString("type", "string");
        json.WriteEndObject();
    }

    private static void WriteBounds(Utf8JsonWriter json, Field field)
    {
        if (field.Minimum != long.MinValue) json.WriteNumber("minimum", field.Minimum);
        if (field.Maximum != long.MaxValue) json.WriteNumber("maximum", field.Maximum);
        if (field.OneOf.Count == 0) return;
        json.WriteStartArray("enum");
        foreach (var choice in field.OneOf) json.WriteStringValue(choice);
        json.WriteEndArray();
    }

    // Infinity is no JSON, so that default goes unsaid.
    private static void WriteDefault(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case string { Length: > 0 } text: json.WriteString("default", text); break;
            case bool flag: json.WriteBoolean("default", flag); break;
            case long number: json.WriteNumber("default", number); break;
            case double number when double.IsFinite(number): json.WriteNumber("default", number); break;
            default: break;
        }
    }
}
