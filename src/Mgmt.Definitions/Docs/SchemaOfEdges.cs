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
        JsonSchemaWriter.WriteText(json, "from", "The host to take from; * is any, and what holds without it.", 1);
        json.WriteEndObject();
        JsonSchemaWriter.WriteRequired(json, "kind");
        json.WriteEndObject();
    }

    private static void WriteReference(Utf8JsonWriter json, string name, string to)
    {
        json.WriteStartObject(name);
        json.WriteString("$ref", $"#/$defs/{to}");
        json.WriteEndObject();
    }
}
