using Mgmt.Engine;

namespace Mgmt.Definitions.Tests;

/// <summary>What right files come to.</summary>
public class GoodGraphTests
{
    private const string Whole = """
        graph: mygraph
        comment: free text
        resources:
          noop: [{name: noop1}, {name: "@@noop2"}]
          File:
          - name: file1
            path: /tmp/mgmt/f1
            content: |
              i am f1
            mode: "0644"
            force: TRUE
            meta: {autoedge: false, noop: true, retry: -1, delay: 5, poll: 0x10, limit: 0.5, burst: 3, sema: ["a:2", b], timeout: 100}
          exec:
          - {name: exec1, cmd: "sleep 10s", args: [-c, yes], env: {A: b, C: ""}}
          timer: [{name: timer1, interval: 0o17, drift: 2}]
        edges:
        - {name: e1, from: {kind: file, name: file1}, to: {kind: Exec, name: exec1}, notify: true}
        - {name: e1, from: {kind: noop, name: noop1}, to: {kind: exec, name: exec1}}
        collect: [{kind: FILE, pattern: /tmp/mgmtC/, from: h1}, {kind: file, pattern: /tmp/}, {kind: exec, from: [h1, h2], accept: [exec]}]
        """;

    [Fact]
    public void Every_part_of_a_file_arrives()
    {
        var graph = Load.Good(Whole);
        Assert.Equal("mygraph", graph.Graph);
        Assert.Equal(["Noop[noop1]", "File[file1]", "Exec[exec1]", "Timer[timer1]"], graph.Resources.Select(one => one.Address.ToString()));
        Assert.Equal(["Noop[noop2]"], graph.Exports.Select(one => one.Address.ToString()));
        Assert.Equal([("e1", "File[file1]", "Exec[exec1]", true), ("e1", "Noop[noop1]", "Exec[exec1]", false)], graph.Edges.Select(edge => (edge.Name, edge.From.ToString(), edge.To.ToString(), edge.Notify)));
        Assert.Equal(
            [("file", "/tmp/mgmtC/", "h1", false), ("file", "/tmp/", "*", false), ("exec", "", "h1 h2", true)],
            graph.Collects.Select(one => (one.Kind, one.Pattern, string.Join(' ', one.From), one.MayRun)));
        Assert.Equal(new Place("g.yaml", 6, 11), graph.Resources[1].Place);
    }

    [Fact]
    public void Values_have_the_types_of_their_fields()
    {
        var resources = Load.Good(Whole).Resources;
        var file = resources[1].Values;
        Assert.Equal("i am f1\n", file.Get(TestKinds.File.Content));
        Assert.Equal("0644", file.Get(TestKinds.File.Mode));
        Assert.True(file.Get(TestKinds.File.Force));
        Assert.False(file.Has(TestKinds.File.State));
        Assert.Equal("present", file.Get(TestKinds.File.State));
        Assert.Equal("args=[-c, yes] cmd=sleep 10s env=[[A, b], [C, ]]", Shown(resources[2]));
        Assert.Equal("drift=2 interval=15", Shown(resources[3]));
    }

    [Fact]
    public void Meta_arrives_and_its_defaults_hold_without_it()
    {
        var resources = Load.Good(Whole).Resources;
        var meta = resources[1].Meta;
        Assert.Equal((false, true, true, -1L), (meta.AutoEdge, meta.AutoGroup, meta.Noop, meta.Retry));
        Assert.Equal((TimeSpan.FromMilliseconds(5), TimeSpan.FromSeconds(16), 0.5, 3L), (meta.Delay, meta.Poll, meta.Limit, meta.Burst));
        Assert.Equal(["a:2", "b:1"], meta.Semaphores.Select(one => one.ToString()));
        Assert.Equal(Meta.Default, resources[0].Meta);
    }

    [Theory]
    [InlineData("")]
    [InlineData(", meta: ")]
    [InlineData(", meta: {}")]
    [InlineData(", meta: {limit: .inf, retry: 0, autoedge: true, sema: []}")]
    public void A_default_written_is_the_same_as_none(string meta)
    {
        var plain = Load.Good("graph: g\nresources:\n  timer: [{name: t}]");
        var written = Load.Good($"# moved\n\ngraph: g\nresources:\n  timer: [{{interval: 5, name: t{meta}}}]");
        Assert.Equal(plain.Resources[0], written.Resources[0]);
        Assert.NotEqual(plain.Resources[0].Place, written.Resources[0].Place);
    }

    [Fact]
    public void A_changed_value_is_a_changed_resource()
    {
        static ResourceSpec Timer(string rest) => Load.Good($"graph: g\nresources:\n  timer: [{{name: t, {rest}}}]").Resources[0];
        Assert.NotEqual(Timer("interval: 5"), Timer("interval: 6"));
        Assert.NotEqual(Timer("meta: {poll: 1}"), Timer("meta: {poll: 2}"));
    }

    [Theory]
    [InlineData("graph: g")]
    [InlineData("graph: g\ncomment:\nresources:\nedges:\ncollect:\n")]
    [InlineData("graph: g\nresources:\n  file:\n  noop: ~\n")]
    [InlineData("{\"graph\": \"g\", \"resources\": {\"noop\": []}}")]
    [InlineData("%YAML 1.2\n---\ngraph: g\n...\n")]
    [InlineData("graph: g\r\nresources: {}\r\n")]
    [InlineData("\ufeffgraph: g")]
    [InlineData("graph: \"g\" # of two\ncomment: it's [fine] {here}\n")]
    public void Parts_may_be_left_out(string text) => Assert.Empty(Load.Good(text).Resources);

    [Theory]
    [InlineData("no")]
    [InlineData("1.2.3")]
    [InlineData("2001-01-01")]
    [InlineData("12:30")]
    [InlineData("-")]
    [InlineData("...x")]
    [InlineData("0x")]
    [InlineData("0o8")]
    [InlineData("1e")]
    [InlineData("+.nan")]
    [InlineData("nUll")]
    [InlineData("tRue")]
    public void Text_that_only_looks_like_something_else_needs_no_quotes(string text)
    {
        if (text == "-") text = "\\-";
        Assert.Equal(text, Load.Good($"graph: {text}").Graph);
    }

    [Fact]
    public void Anchors_stand_for_values()
    {
        var graph = Load.Good("graph: &n g\nresources:\n  file:\n  - name: &p /a\n    content: *n\n    meta: &m {noop: true}\n  - {name: /b, path: *p, meta: *m}\n");
        Assert.Equal("g", graph.Resources[0].Values.Get(TestKinds.File.Content));
        Assert.Equal("/a", graph.Resources[1].Values.Get(TestKinds.File.Path));
        Assert.True(graph.Resources[1].Meta.Noop);
    }

    [Fact]
    public void An_export_and_a_resource_may_have_one_name() =>
        Assert.Single(Load.Good("graph: g\nresources:\n  noop: [{name: a}, {name: \"@@a\"}]").Exports);

    private static string Shown(ResourceSpec spec) => string.Join(' ', spec.Kind.Fields.Where(spec.Values.Has).OrderBy(field => field.Name, StringComparer.Ordinal).Select(field => $"{field.Name}={Shown(spec, field)}"));

    private static string Shown(ResourceSpec spec, Engine.Kinds.Field field) => field switch
    {
        Engine.Kinds.Field<string> text => spec.Values.Get(text),
        Engine.Kinds.Field<long> whole => $"{spec.Values.Get(whole)}",
        Engine.Kinds.Field<double> number => $"{spec.Values.Get(number)}",
        Engine.Kinds.Field<Engine.Kinds.TextList> list => $"[{string.Join(", ", spec.Values.Get(list))}]",
        Engine.Kinds.Field<Engine.Kinds.TextMap> map => $"[{string.Join(", ", spec.Values.Get(map))}]",
        _ => "?",
    };
}
