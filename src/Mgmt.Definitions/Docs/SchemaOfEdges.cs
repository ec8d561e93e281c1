using System.Text.Json;

namespace Mgmt.Definitions;

/// <summary>The schema of edges and collections.</summary>
internal static class SchemaOfEdges
{
    /// <summary>Writes the definitions <c>edge</c>, <c>end</c> and <c>collect</c>.</summary>
    public static void Write(Utf8JsonWriter json)
    {
        WriteEdge(json);
        WriteEnd(json);
        WriteCollect(json);
    }

    private static void WriteEdge(Utf8JsonWriter json)
    {
        json.WriteStartObject("edge");
        JsonSchemaWriter.OpenMap(json);
        JsonSchemaWriter.WriteText(json, "name", "Names the edge in messages.", 1);
        WriteReference(json, "from", "end");
        WriteReference(json, "to", "end");
        json.WriteStartObject("notify");
        json.WriteString("description", "Whether a change of from makes to act even where nothing is wrong.");
        json.WriteString("type", "boolean");
        json.WriteBoolean("default", false);
        json.WriteEndObject();
        json.WriteEndObject();
        JsonSchemaWriter.WriteRequired(json, "name", "from", "to");
        json.WriteEndObject();
    }

    private static void WriteEnd(Utf8JsonWriter json)
    {
        json.WriteStartObject("end");
        JsonSchemaWriter.OpenMap(json);
        WriteReference(json, "kind", "kind");
        JsonSchemaWriter.WriteText(json, "name", "A resource's name.", 1);
        json.WriteEndObject();
        JsonSchemaWriter.WriteRequired(json, "kind", "name");
        json.WriteEndObject();
    }

    private static void WriteCollect(Utf8JsonWriter json)
    {
        json.WriteStartObject("collect");
        JsonSchemaWriter.OpenMap(json);
        WriteReference(json, "kind", "kind");
        JsonSchemaWriter.WriteText(json, "pattern", "Of files: the directory that they are put into.", 0);
        WriteFrom(json);
        WriteAccept(json);
        json.WriteEndObject();
        JsonSchemaWriter.WriteRequired(json, "kind");
        json.WriteEndObject();
    }

    private static void WriteFrom(Utf8JsonWriter json)
    {
        json.WriteStartObject("from");
        json.WriteString("description", "The host to take from, or a list of hosts; * is any, and what holds without it.");
        json.WriteStartArray("anyOf");
        WriteName(json);
        json.WriteStartObject();
        json.WriteString("type", "array");
        json.WriteNumber("minItems", 1);
        json.WritePropertyName("items");
        WriteName(json);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteName(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "string");
        json.WriteNumber("minLength", 1);
        json.WriteEndObject();
    }

    private static void WriteAccept(Utf8JsonWriter json)
    {
        json.WriteStartObject("accept");
        json.WriteString("description", "What those hosts may do here: exec is needed for kinds that run, start or install something.");
        json.WriteString("type", "array");
        json.WriteStartObject("items");
        json.WriteStartArray("enum");
        json.WriteStringValue("exec");
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteReference(Utf8JsonWriter json, string name, string to)
    {
        json.WriteStartObject(name);
        json.WriteString("$ref", $"#/$defs/{to}");
        json.WriteEndObject();
    }
}
