using System.Text.Json;
using Mgmt.Engine.Plans;
using Mgmt.Engine.Plans.Views;

namespace Mgmt.Engine.Tests.Views;

public sealed class PlanViewTests
{
    private static readonly TestKind Kind = new();

    /// <summary>A group, and every kind of edge; written in an order that no view may show.</summary>
    private static readonly Plan Every = new(
        "web",
        [Vertex("z"), new PlanVertex(new Address("test", "b,c"), [Kind.Spec("c"), Kind.Spec("b")]), Vertex("a")],
        [new PlanEdge(1, 0, [], true, false), new PlanEdge(2, 1, ["e1", "e2"], false, true), new PlanEdge(2, 0, ["e3"], true, true)]);

    private static readonly Plan Odd = new("g\"", [Vertex("say \"hi\"\\ <b>&#35;\u001b[31m\nü")], []);

    [Fact]
    public void Dot() => Assert.Equal(
        """
        digraph "web" {
          node [shape=box];
          "Test[a]";
          "Test[b,c]" [peripheries=2, label="Test[b,c]\nTest[b]\lTest[c]\l"];
          "Test[z]";
          "Test[a]" -> "Test[b,c]" [label="e1, e2", style="bold", color="blue"];
          "Test[a]" -> "Test[z]" [label="e3", style="dashed,bold", color="blue"];
          "Test[b,c]" -> "Test[z]" [style="dashed"];
        }

        """,
        PlanDot.Write(Every));

    [Fact]
    public void Mermaid() => Assert.Equal(
        """
        flowchart TD
          n0["Test[a]"]
          n1[["Test[b,c]<br/>Test[b]<br/>Test[c]"]]
          n2["Test[z]"]
          n0 ==>|"e1, e2"| n1
          n0 -.->|"notify: e3"| n2
          n1 -.-> n2

        """,
        PlanMermaid.Write(Every));

    [Fact]
    public void Mermaid_writes_what_has_a_meaning_by_its_number() => Assert.Equal(
        "flowchart TD\n  n0[\"Test[say #34;hi#34;#92; #60;b#62;#38;#35;35#59;#92;x1b[31m#92;nü]\"]\n",
        PlanMermaid.Write(Odd));

    [Fact]
    public void Json() => Assert.Equal(
        """
        {"vertices":[{"kind":"test","name":"a","members":["Test[a]"]},{"kind":"test","name":"b,c","members":["Test[b]","Test[c]"]},{"kind":"test","name":"z","members":["Test[z]"]}],"edges":[{"from":"Test[a]","to":"Test[b,c]","names":["e1","e2"],"auto":false,"notify":true},{"from":"Test[a]","to":"Test[z]","names":["e3"],"auto":true,"notify":true},{"from":"Test[b,c]","to":"Test[z]","names":[],"auto":true,"notify":false}]}
        """,
        Compact(PlanJson.Write(Every)));

    [Fact]
    public void Json_gives_any_name_back()
    {
        var text = PlanJson.Write(Odd);
        using var document = JsonDocument.Parse(text);
        Assert.Equal(Odd.Vertices[0].Address.Name, document.RootElement.GetProperty("vertices")[0].GetProperty("name").GetString());
        Assert.DoesNotContain(text, c => char.IsControl(c) && c != '\n');
    }

    [Fact]
    public void An_empty_plan_has_all_views()
    {
        Assert.Equal("digraph \"\" {\n  node [shape=box];\n}\n", PlanDot.Write(Plan.Empty));
        Assert.Equal("flowchart TD\n", PlanMermaid.Write(Plan.Empty));
        Assert.Equal("{\"vertices\":[],\"edges\":[]}", Compact(PlanJson.Write(Plan.Empty)));
    }

    [Theory]
    [InlineData("plain <ü> \\ \"x\"", "plain <ü> \\ \"x\"")]
    [InlineData("a\nb\r\tc\0", "a\\nb\\r\\tc\\x00")]
    [InlineData("\u001b]0;x\u0007\u007f\u009b2J", "\\x1b]0;x\\x07\\x7f\\x9b2J")]
    [InlineData("a\u202eb\u2066\u2028\u200f", "a\\u202eb\\u2066\\u2028\\u200f")]
    [InlineData("👩‍💻", "👩‍💻")]
    public void Plain_text_escapes_what_could_steer_a_terminal(string text, string plain) => Assert.Equal(plain, PlainText.Of(text));

    private static PlanVertex Vertex(string name) => new(new Address("test", name), [Kind.Spec(name)]);

    private static string Compact(string json)
    {
        using var document = JsonDocument.Parse(json);
        return JsonSerializer.Serialize(document.RootElement, Relaxed);
    }

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
