using System.Buffers;
using System.Text.Json;
using Mgmt.Engine.Kinds;

namespace Mgmt.Agent.Exchange;

/// <summary>The values of fields as JSON, each by the type that its field declares.</summary>
internal static class FieldJson
{
    private const string Infinite = ".inf";

    /// <summary>What was written, by name; null where nothing was.</summary>
    public static Dictionary<string, JsonElement>? Write(FieldValues values)
    {
        var written = values.Written.ToDictionary(static one => one.Key.Name, static one => Element(one.Value), StringComparer.Ordinal);
        return written.Count == 0 ? null : written;
    }

    /// <summary>Reads the fields that this program knows, each checked as one in a graph file is; it leaves out the others.</summary>
    /// <param name="fields">The fields of the kind.</param>
    /// <param name="written">What the exporter sent.</param>
    /// <param name="problem">What is wrong with it, a whole sentence that begins with "cannot"; or nothing.</param>
    public static FieldValues? Read(FieldSet fields, Dictionary<string, JsonElement>? written, out string problem)
    {
        problem = "";
        var values = new Dictionary<Field, object>();
        foreach (var (name, element) in written ?? [])
        {
            if (!fields.TryFind(name, out var field)) continue;
            var value = Value(field.Type, element);
            var wrong = value is null ? "it is of another type, or no text" : field.Check(value);
            if (wrong is null) values.Add(field, value!);
            else problem = $"cannot use {name}: {wrong}";
        }

        return problem.Length > 0 ? null : new FieldValues(fields, values);
    }

    private static object? Value(FieldType type, JsonElement element)
    {
        try
        {
            return Convert(type, element);
        }
        catch (InvalidOperationException)
        {
            // Half of a character, which JSON can write and no text holds.
            return null;
        }
    }

    private static object? Convert(FieldType type, JsonElement element) => (type, element.ValueKind) switch
    {
        (FieldType.Text, JsonValueKind.String) => element.GetString(),
        (FieldType.Boolean, JsonValueKind.True) => true,
        (FieldType.Boolean, JsonValueKind.False) => false,
        (FieldType.Integer, JsonValueKind.Number) => element.TryGetInt64(out var whole) ? whole : null,
        (FieldType.Number, JsonValueKind.Number) => element.TryGetDouble(out var number) ? number : null,
        (FieldType.Number, JsonValueKind.String) => element.GetString() == Infinite ? double.PositiveInfinity : null,
        (FieldType.List, JsonValueKind.Array) => element.EnumerateArray().All(IsText) ? new TextList(element.EnumerateArray().Select(static one => one.GetString()!)) : null,
        (FieldType.Map, JsonValueKind.Object) => element.EnumerateObject().All(static one => IsText(one.Value))
            ? new TextMap(element.EnumerateObject().Select(static one => KeyValuePair.Create(one.Name, one.Value.GetString()!)))
            : null,
        _ => null,
    };

    private static bool IsText(JsonElement element) => element.ValueKind == JsonValueKind.String;

    private static JsonElement Element(object value)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes)) Write(json, value);
        var reader = new Utf8JsonReader(bytes.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }

    private static void Write(Utf8JsonWriter json, object value)
    {
        switch (value)
        {
            case string text: json.WriteStringValue(text); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case long whole: json.WriteNumberValue(whole); break;
            case double number when double.IsInfinity(number): json.WriteStringValue(Infinite); break;
            case double number: json.WriteNumberValue(number); break;
            case TextList list: WriteList(json, list); break;
            case TextMap map: WriteMap(json, map); break;
            default: throw new InvalidOperationException($"a field's value has the unknown type {value.GetType().Name}");
        }
    }

    private static void WriteList(Utf8JsonWriter json, TextList list)
    {
        json.WriteStartArray();
        foreach (var item in list) json.WriteStringValue(item);
        json.WriteEndArray();
    }

    private static void WriteMap(Utf8JsonWriter json, TextMap map)
    {
        json.WriteStartObject();
        foreach (var (key, value) in map) json.WriteString(key, value);
        json.WriteEndObject();
    }
}
