using System.Text.Json;
using Mgmt.Engine;

namespace Mgmt.Definitions.Tests;

/// <summary>What is derived from the kinds for editors and readers.</summary>
public class DocsTests
{
    [Fact]
    public void The_schema_has_every_kind_and_field_and_its_references_lead_somewhere()
    {
        using var schema = JsonDocument.Parse(JsonSchemaWriter.Write(TestKinds.All));
        var definitions = schema.RootElement.GetProperty("$defs");
        foreach (var kind in TestKinds.All)
        {
            Assert.Equal($"#/$defs/kind-{kind.Name}", schema.RootElement.GetProperty("properties").GetProperty("resources").GetProperty("properties").GetProperty(kind.Name).GetProperty("items").GetProperty("$ref").GetString());
            var properties = definitions.GetProperty($"kind-{kind.Name}").GetProperty("properties");
            Assert.Equal(kind.Fields.Select(field => field.Name).Concat(["name", "meta"]).Order(), properties.EnumerateObject().Select(one => one.Name).Order());
        }

        Assert.Equal(Meta.Fields.Count, definitions.GetProperty("meta").GetProperty("properties").EnumerateObject().Count());
        Assert.All(References(schema.RootElement), reference => Assert.True(definitions.TryGetProperty(reference["#/$defs/".Length..], out _), reference));
    }

    [Fact]
    public void The_schema_knows_types_choices_bounds_and_defaults()
    {
        using var schema = JsonDocument.Parse(JsonSchemaWriter.Write(TestKinds.All));
        var definitions = schema.RootElement.GetProperty("$defs");
        Assert.Equal(
            """{"description":"Whether it is there.","type":"string","enum":["present","absent"],"default":"present"}""",
            Property(definitions, "kind-file", "state"));
        Assert.Equal(
            """{"description":"Seconds it may take; 0 is any.","type":"integer","minimum":0,"maximum":1000000,"default":0}""",
            Property(definitions, "kind-exec", "timeout"));
        Assert.Equal("""{"description":"Replace a directory.","type":"boolean","default":false}""", Property(definitions, "kind-file", "force"));
        Assert.Equal("""{"description":"Its environment.","type":"object","additionalProperties":{"type":"string"}}""", Property(definitions, "kind-exec", "env"));
        Assert.Equal("""{"description":"Runs per second at most, on the average.","type":"number","minimum":0}""", Property(definitions, "meta", "limit"));
    }

    [Fact]
    public void Kinds_are_described_in_columns()
    {
        var text = KindDocs.ToText(TestKinds.All);
        Assert.Contains(
            """
            timer: A clock.
              name      text     required  Names the resource within its kind; @@ before it exports it.
              interval  integer  5         Seconds between events.
              drift     number   0.5       Seconds it may be late.

            meta: What every resource may have under meta.
            """,
            text,
            StringComparison.Ordinal);
        Assert.Contains("  limit      number      .inf ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Kinds_are_described_in_tables()
    {
        var text = KindDocs.ToMarkdown(TestKinds.All);
        Assert.Contains("## file\n\nA file or a directory.\n\n| field | type | default | meaning |\n| --- | --- | --- | --- |\n", text, StringComparison.Ordinal);
        Assert.Contains("| `state` | present\\|absent | present | Whether it is there. |\n", text, StringComparison.Ordinal);
        Assert.Contains("| `mode` | text | - | Its permissions \\| octal. |\n", text, StringComparison.Ordinal);
    }

    private static string Property(JsonElement definitions, string of, string name) =>
        JsonSerializer.Serialize(definitions.GetProperty(of).GetProperty("properties").GetProperty(name));

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(one => one.NameEquals("$ref") && one.Value.ValueKind == JsonValueKind.String ? [one.Value.GetString()!] : References(one.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
