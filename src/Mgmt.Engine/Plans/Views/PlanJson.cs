using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Mgmt.Engine.Plans.Views;

/// <summary>
/// A plan as JSON: <c>{"vertices":[{"kind","name","members":[…]}],"edges":[{"from","to","names":[…],"auto":bool,"notify":bool}]}</c>, where
/// <c>kind</c> is spelled as in the graph file, and <c>members</c>, <c>from</c> and <c>to</c> are addresses such as <c>File[file1]</c>.
/// </summary>
public static class PlanJson
{
    // The text goes to a terminal or a file, never into a web page: quotes and other scripts stay readable.
    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The document with a line break at its end; the same for the same plan.</summary>
    public static string Write(Plan plan)
    {
        var sorted = new SortedPlan(plan);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteStartArray("vertices");
            foreach (var vertex in sorted.Vertices) Write(json, vertex);
            json.WriteEndArray();
            json.WriteStartArray("edges");
            foreach (var edge in sorted.Edges) Write(json, edge, sorted);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void Write(Utf8JsonWriter json, PlanVertex vertex)
    {
        json.WriteStartObject();
        json.WriteString("kind", vertex.Address.Kind);
        json.WriteString("name", vertex.Address.Name);
        Write(json, "members", SortedPlan.Members(vertex));
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, PlanEdge edge, SortedPlan sorted)
    {
        json.WriteStartObject();
        json.WriteString("from", sorted.Vertices[edge.From].Address.ToString());
        json.WriteString("to", sorted.Vertices[edge.To].Address.ToString());
        Write(json, "names", edge.Names);
        json.WriteBoolean("auto", edge.Auto);
        json.WriteBoolean("notify", edge.Notify);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
