using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mgmt.Engine;
using Mgmt.Engine.Kinds;

namespace Mgmt.Definitions;

/// <summary>
/// Writes the JSON Schema (draft 2020-12) of graph files, for editors. It asks for kinds in lower case under resources. The loader refuses more:
/// a schema knows neither edges' ends nor what a kind demands of several fields together.
/// </summary>
public static class JsonSchemaWriter
{
    // The text is read by people too: quotes and signs stay as they are. It is never put into a web page.
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    /// <summary>The schema of graph files that use these kinds, as indented JSON that ends with a line feed.</summary>
    public static string Write(IReadOnlyList<Kind> kinds)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            WriteRoot(json, [.. kinds.OrderBy(kind => kind.Name, StringComparer.Ordinal)]);
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    private static void WriteRoot(Utf8JsonWriter json, Kind[] kinds)
    {
        json.WriteStartObject();
        json.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
        json.WriteString("title", "mgmt graph");
        OpenMap(json);
        WriteText(json, "graph", "The graph's name. One file of a graph must give it.", 1);
        WriteText(json, "comment", "Free text.", 0, orNull: true);
        WriteResources(json, kinds);
        WriteList(json, "edges", "What runs after what.", "edge");
        WriteList(json, "collect", "What is taken from peers.", "collect");
        json.WriteEndObject();
        json.WriteStartObject("$defs");
        foreach (var kind in kinds) WriteKind(json, kind);
        WriteMeta(json);
        WriteKindName(json, kinds);
        SchemaOfEdges.Write(json);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteResources(Utf8JsonWriter json, Kind[] kinds)
    {
        json.WriteStartObject("resources");
        json.WriteString("description", "Each kind with a list of its resources.");
        OpenMap(json, orNull: true);
        foreach (var kind in kinds) WriteList(json, kind.Name, kind.Summary, $"kind-{kind.Name}");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteKind(Utf8JsonWriter json, Kind kind)
    {
        json.WriteStartObject($"kind-{kind.Name}");
        json.WriteString("description", kind.Summary);
        OpenMap(json);
        WriteText(json, "name", "Names the resource within its kind; @@ before it exports it.", 1);
        json.WriteStartObject("meta");
        json.WriteString("$ref", "#/$defs/meta");
        json.WriteEndObject();
        foreach (var field in kind.Fields) SchemaOfFields.Write(json, field);
        json.WriteEndObject();
        WriteRequired(json, "name");
        json.WriteEndObject();
    }

    private static void WriteMeta(Utf8JsonWriter json)
    {
        json.WriteStartObject("meta");
        json.WriteString("description", "What the runner knows of a resource, whatever its kind.");
        OpenMap(json, orNull: true);
        foreach (var field in Meta.Fields) SchemaOfFields.Write(json, field);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    // Any case is right, which a schema cannot say; the lower one is what it offers.
    private static void WriteKindName(Utf8JsonWriter json, Kind[] kinds)
    {
        json.WriteStartObject("kind");
        json.WriteString("type", "string");
        json.WriteStartArray("examples");
        foreach (var kind in kinds) json.WriteStringValue(kind.Name);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Opens <c>properties</c> of an object without others.</summary>
    internal static void OpenMap(Utf8JsonWriter json, bool orNull = false)
    {
        WriteType(json, "object", orNull);
        json.WriteBoolean("additionalProperties", false);
        json.WriteStartObject("properties");
    }

    /// <summary>Writes a property that is text.</summary>
    internal static void WriteText(Utf8JsonWriter json, string name, string description, int minimum, bool orNull = false)
    {
        json.WriteStartObject(name);
        json.WriteString("description", description);
        WriteType(json, "string", orNull);
        if (minimum > 0) json.WriteNumber("minLength", minimum);
        json.WriteEndObject();
    }

    /// <summary>Writes which properties must be there.</summary>
    internal static void WriteRequired(Utf8JsonWriter json, params ReadOnlySpan<string> names)
    {
        json.WriteStartArray("required");
        foreach (var name in names) json.WriteStringValue(name);
        json.WriteEndArray();
    }

    private static void WriteList(Utf8JsonWriter json, string name, string description, string of)
    {
        json.WriteStartObject(name);
        json.WriteString("description", description);
        WriteType(json, "array", orNull: true);
        json.WriteStartObject("items");
        json.WriteString("$ref", $"#/$defs/{of}");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteType(Utf8JsonWriter json, string type, bool orNull)
    {
        if (!orNull)
        {
            json.WriteString("type", type);
            return;
        }

        json.WriteStartArray("type");
        json.WriteStringValue(type);
        json.WriteStringValue("null");
        json.WriteEndArray();
    }
}
