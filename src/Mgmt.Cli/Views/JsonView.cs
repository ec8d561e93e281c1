using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Google.Protobuf;
using Mgmt.Mesh.Wire;

namespace Mgmt.Cli.Views;

/// <summary>
/// Answers of the store for programs: one object on one line. A key or value that is UTF-8 stands as text; any other as base64, with
/// <c>"key_encoding":"base64"</c> or <c>"value_encoding":"base64"</c> behind it. Ids are hexadecimal text, revisions numbers.
/// </summary>
internal static class JsonView
{
    // For terminals and files, never a web page: quotes and other scripts stay readable, control characters are escaped all the same.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An object with these fields, and a line break.</summary>
    public static byte[] Object(Action<Utf8JsonWriter> fields)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            fields(json);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>An id as it is shown.</summary>
    public static string Id(ulong id) => id.ToString("x", CultureInfo.InvariantCulture);

    /// <summary>The fields of a key with its value.</summary>
    public static void Write(Utf8JsonWriter json, KeyValue record, bool keysOnly, bool isHex)
    {
        Write(json, "key", record.Key, isHex);
        if (!keysOnly) Write(json, "value", record.Value, isHex);
        json.WriteNumber("create_revision", record.CreateRevision);
        json.WriteNumber("mod_revision", record.ModRevision);
        json.WriteNumber("version", record.Version);
        if (record.Lease != 0) json.WriteString("lease", Id((ulong)record.Lease));
    }

    /// <summary>An array of keys with their values.</summary>
    public static void Write(Utf8JsonWriter json, string name, IEnumerable<KeyValue> records, bool keysOnly, bool isHex)
    {
        json.WriteStartArray(name);
        foreach (var record in records) WriteObject(json, record, keysOnly, isHex);
        json.WriteEndArray();
    }

    /// <summary>A key with its value under a name, unless it is missing.</summary>
    public static void Write(Utf8JsonWriter json, string name, KeyValue? record, bool isHex)
    {
        if (record is null) return;
        json.WritePropertyName(name);
        WriteObject(json, record, keysOnly: false, isHex);
    }

    /// <summary>Bytes under a name.</summary>
    public static void Write(Utf8JsonWriter json, string name, ByteString bytes, bool isHex)
    {
        if (isHex) json.WriteString(name, Convert.ToHexStringLower(bytes.Span));
        else if (Utf8.IsValid(bytes.Span)) json.WriteString(name, bytes.Span);
        else json.WriteBase64String(name, bytes.Span);
        if (isHex) json.WriteString($"{name}_encoding", "hex");
        else if (!Utf8.IsValid(bytes.Span)) json.WriteString($"{name}_encoding", "base64");
    }

    private static void WriteObject(Utf8JsonWriter json, KeyValue record, bool keysOnly, bool isHex)
    {
        json.WriteStartObject();
        Write(json, record, keysOnly, isHex);
        json.WriteEndObject();
    }
}
