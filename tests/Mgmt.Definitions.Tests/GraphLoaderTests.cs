using System.Text;
using System.Text.Json;

namespace Mgmt.Definitions.Tests;

/// <summary>Several files, loads after loads, and how the mistakes are handed out.</summary>
public class GraphLoaderTests
{
    [Fact]
    public void Several_files_are_one_graph()
    {
        var result = Load.Texts(
            "graph: g\nresources: {noop: [{name: a}]}",
            "resources: {noop: [{name: b}]}",
            "graph: g\nedges: [{name: e, from: {kind: noop, name: b}, to: {kind: noop, name: a}}]");
        Assert.Equal(["a", "b"], result.Definition!.Resources.Select(one => one.Address.Name));
        Assert.Equal(new Mgmt.Engine.Place("c.yaml", 2, 9), Assert.Single(result.Definition.Edges).Place);
    }

    [Fact]
    public void Mistakes_come_in_the_order_of_the_files()
    {
        var result = Load.Texts("graph: g\nx: 1\nedges: [{name: e, from: {kind: noop, name: b}, to: {kind: noop, name: b}}]\ny: 1", "z: 1\ngraph: h");
        Assert.Equal(["a.yaml:2:1", "a.yaml:3:44", "a.yaml:3:71", "a.yaml:4:1", "b.yaml:1:1", "b.yaml:2:8"], result.Diagnostics.Select(one => one.Place.ToString()));
    }

    [Fact]
    public void What_one_file_refers_to_is_not_missing_while_another_is_not_yaml()
    {
        var result = Load.Texts("edges: [{name: e, from: {kind: noop, name: a}, to: {kind: noop, name: b}}]", "graph: g\nresources: {noop: [");
        Assert.StartsWith("b.yaml", Assert.Single(result.Diagnostics).Place.File, StringComparison.Ordinal);
    }

    [Fact]
    public void No_file_is_a_mistake() =>
        Assert.Equal("cannot load a graph: no file was given; name at least one file\n", DiagnosticWriter.ToText(new GraphLoader(TestKinds.All).Load([])));

    [Fact]
    public void An_unchanged_file_is_not_read_again()
    {
        var loader = new GraphLoader(TestKinds.All);
        var same = GraphSource.FromText("a.yaml", "graph: g\nresources: {noop: [{name: a}]}");
        var first = loader.Load([same, GraphSource.FromText("b.yaml", "resources: {noop: [{name: b}]}")]).Definition!;
        var again = same with { Content = same.Content.ToArray() };
        var second = loader.Load([again, GraphSource.FromText("b.yaml", "resources: {noop: [{name: c}]}")]).Definition!;
        Assert.Same(first.Resources[0], second.Resources[0]);
        Assert.Equal(["a", "c"], second.Resources.Select(one => one.Address.Name));
        var moved = loader.Load([again with { Name = "moved.yaml" }]).Definition!;
        Assert.Equal("moved.yaml", moved.Resources[0].Place.File);
    }

    [Fact]
    public void A_mistake_is_told_again_at_the_next_load_and_gone_when_mended()
    {
        var loader = new GraphLoader(TestKinds.All);
        var bad = GraphSource.FromText("a.yaml", "graph: g\nx: 1");
        Assert.Equal(DiagnosticWriter.ToText(loader.Load([bad])), DiagnosticWriter.ToText(loader.Load([bad])));
        Assert.Empty(loader.Load([GraphSource.FromText("a.yaml", "graph: g")]).Diagnostics);
    }

    [Fact]
    public void Mistakes_under_an_anchor_count_once_however_often_it_is_used()
    {
        var result = Load.Text("graph: g\nresources:\n  noop:\n  - name: a\n    meta: &m {bad: 1}\n  - {name: b, meta: *m}\n  - {name: c, meta: *m}\n");
        Assert.Equal(5, result.Diagnostics[0].Place.Line);
        Assert.Equal(3, result.Diagnostics.Count + result.Omitted);
    }

    [Fact]
    public void The_file_name_cannot_write_to_the_terminal() =>
        Assert.StartsWith("\\x1b[2J.yaml:1:1: cannot", DiagnosticWriter.ToText(new GraphLoader(TestKinds.All).Load([GraphSource.FromText("\x1b[2J.yaml", "[]")])), StringComparison.Ordinal);

    [Fact]
    public void Lines_are_counted_and_quoted_alike_whatever_ends_them()
    {
        var result = Load.Text("graph: g\r\n\r\nx1: 1\ry2: 2\u2028z3: 3\n\nw4: 4");
        Assert.Equal([(3, "x1: 1"), (4, "y2: 2"), (5, "z3: 3"), (7, "w4: 4")], result.Diagnostics.Select(one => (one.Place.Line, one.SourceLine!.Text)));
    }

    [Fact]
    public void Mistakes_can_be_had_as_json()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer)) DiagnosticWriter.WriteJson(writer, Load.Text("graph: g\nresources:\n\tnoop: []"));
        Assert.Equal(
            """{"diagnostics":[{"severity":"error","file":"g.yaml","line":3,"column":1,"message":"cannot read this as YAML: a tab cannot indent a line","advice":"use blanks","source":"\tnoop: []","marker":"^"}],"omitted":0}""",
            Encoding.UTF8.GetString(buffer.ToArray()));
    }
}
