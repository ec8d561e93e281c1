namespace Mgmt.Definitions.Tests;

/// <summary>Files of which some changed are put together as files are that nobody has seen before, mistakes between them included.</summary>
public class ExchangeTests
{
    private const string First = """
        graph: g
        resources:
          file:
          - {name: one, path: /one}
          - {name: two, path: /two, meta: {sema: ["s:2"]}}
          - {name: "@@out", path: /out}
        edges:
        - {name: e, from: {kind: file, name: one}, to: {kind: file, name: three}}

        """;

    private const string Second = """
        resources:
          file:
          - {name: three, path: /three}
          - {name: four, path: /four, meta: {sema: ["s:2"]}}
        collect:
        - {kind: file, pattern: /c/}

        """;

    [Theory]
    [InlineData("path: /one", "path: /one, mode: \"0600\"")]
    [InlineData("path: /one", "path: /four")]
    [InlineData("name: one, path", "name: three, path")]
    [InlineData("name: one, path", "name: other, path")]
    [InlineData("name: two", "name: \"@@two\"")]
    [InlineData("name: \"@@out\"", "name: out")]
    [InlineData("path: /out", "path: /out, mode: \"0600\"")]
    [InlineData("s:2", "s:3")]
    [InlineData("graph: g", "graph: h")]
    [InlineData("graph: g\n", "")]
    [InlineData("name: e,", "notify: true, name: e,")]
    [InlineData("to: {kind: file, name: three}", "to: {kind: file, name: five}")]
    [InlineData("to: {kind: file, name: three}", "to: {kind: file, name: one}")]
    [InlineData("mode", "nothing of it")]
    [InlineData("resources:", "# moved\nresources:")]
    [InlineData("- {name: two", "- {name: new}\n  - {name: two")]
    public void A_new_version_of_one_file_means_what_it_says(string old, string now)
    {
        var loader = new GraphLoader(TestKinds.All);
        string[] versions = [First, First.Replace(old, now, StringComparison.Ordinal), First, First.Replace("path: /two", "path: /2", StringComparison.Ordinal)];
        foreach (var version in versions) Same(loader, version, Second);
        foreach (var version in versions) Same(loader, version, Second.Replace("/four", "/4", StringComparison.Ordinal));
    }

    [Fact]
    public void Edges_that_stayed_where_they_are_stay_the_same_list()
    {
        var loader = new GraphLoader(TestKinds.All);
        var before = Same(loader, First, Second)!;
        var after = Same(loader, First.Replace("path: /one", "path: /one, mode: \"0600\"", StringComparison.Ordinal), Second)!;
        Assert.NotEqual(before.Resources, after.Resources);
        Assert.Same(before.Edges, after.Edges);
    }

    private static Engine.Definition? Same(GraphLoader knowing, params string[] texts)
    {
        GraphSource[] sources = [.. texts.Select((text, i) => GraphSource.FromText($"{(char)('a' + i)}.yaml", text))];
        var expected = new GraphLoader(TestKinds.All).Load(sources);
        var actual = knowing.Load(sources);
        Assert.Equal(DiagnosticWriter.ToText(expected), DiagnosticWriter.ToText(actual));
        Assert.Equal(expected.Definition is null, actual.Definition is null);
        if (expected.Definition is not { } definition) return null;
        Assert.Equal(definition.Graph, actual.Definition!.Graph);
        Assert.Equal(definition.Resources.Select(one => (one, one.Kind, one.Place)), actual.Definition.Resources.Select(one => (one, one.Kind, one.Place)));
        Assert.Equal(definition.Exports.Select(one => (one, one.Kind, one.Place)), actual.Definition.Exports.Select(one => (one, one.Kind, one.Place)));
        Assert.Equal(definition.Edges, actual.Definition.Edges);
        Assert.Equal(definition.Collects, actual.Definition.Collects);
        return actual.Definition;
    }
}
