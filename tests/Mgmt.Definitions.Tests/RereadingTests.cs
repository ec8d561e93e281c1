using CsCheck;

namespace Mgmt.Definitions.Tests;

/// <summary>A loader that knows the last version of a file gives what one gives that knows nothing, whatever was changed; and it reads little.</summary>
public class RereadingTests
{
    private static readonly string[] Bases =
    [
        """
        graph: g # a comment
        comment: "over
          two lines"
        resources:
          file:
          - name: /a
            content: |
              - name: looks like an item
              # and like a comment

            mode: "0644"
          # about b
          - name: /b
            content: 'it''s: over
              two lines'

          - name: /c
            content: plain over
              two lines # with a comment
            meta: {noop: true, sema: [a, "b:2"]}
          - {name: /d, content: "x"}
          - name: /e
            content: >+
              folded

          - name: "@@/f"
            meta:
              sema:
              - c:3
              retry: -1
          - name: /g
          exec: # of commands
            - name: x
              args:
              - -c
              - echo
              env: {A: b,
                C: d}
            - name: y
              cmd: "a
        
                b"
            - name: z
          noop: [{name: n}, {name: m}]
          timer:
        edges:
        - {name: e1, from: {kind: file, name: /a}, to: {kind: exec, name: x}, notify: true}
        - name: e2
          from: {kind: file, name: /b}
          to:
            kind: exec
            name: y

        - {name: e3, from: {kind: noop, name: n}, to: {kind: noop, name: m}}
        - {name: e4, from: {kind: exec, name: z}, to: {kind: file, name: /g}}
        collect:
          - kind: file
            pattern: /c/
          - {kind: file, pattern: /d/}
          - {kind: exec, from: [h, i], accept: [exec]}
          - {kind: timer}
        """,
        "graph: g\nresources:\n  file:\n" + string.Concat(Enumerable.Range(0, 12).Select(i => $"  - name: /f{i}\n    content: \"same\\n\"\n    mode: \"0644\"\n")),
        "graph: g\nedges:\n" + string.Concat(Enumerable.Range(0, 9).Select(i => $"- {{name: e{i}, from: {{kind: noop, name: n{i}}}, to: {{kind: noop, name: n{i + 1}}}}}\n"))
            + "resources:\n noop:\n" + string.Concat(Enumerable.Range(0, 10).Select(i => $"   - name: n{i}\n     meta: {{sema: [s{i % 2}]}}\n")),
    ];

    private static readonly string[] Pieces =
    [
        "[", "]", "{", "}", ":", ": ", "- ", "? ", "\n", "\r", "\r\n", "\t", " ", "  ", "\"", "'", "&c ", "*c", "!t ", "|", "|+\n", ">-\n", "#", " # c", "---\n", "...\n", "%", "\\", "<<", "@@", "\u2028", "\u0085", "~", "x", "1", ",",
        "\n  - name: /new\n", "\n  - name: /new\n    content: |\n     - name: b\n", "    content: \"a\n", "  - name: b\"\n", "\n# comment\n", "\n\n", "\n  noop:\n", "\nedges:\n", "\nresources:\n", "\n  - ", "\n  -\n", "  - \"name\": q\n", "  - {name: '/q'}\n",
    ];

    private static readonly Gen<(int Kind, int At, int Length, int Piece)> Change =
        Gen.Select(Gen.Int[0, 8], Gen.Int[0, 1_500], Gen.Int[1, 12], Gen.Int[0, Pieces.Length - 1]);

    private static readonly Gen<(int Base, bool Crlf, (int, int, int, int)[][] Versions)> History =
        Gen.Select(Gen.Int[0, Bases.Length - 1], Gen.Bool, Change.Array[1, 2].Array[1, 3]);

    [Fact]
    public void The_outcome_is_that_of_reading_the_whole()
    {
        var (loads, quick) = (0, 0);
        History.Sample(
            history =>
            {
                var text = history.Crlf ? Bases[history.Base].ReplaceLineEndings("\r\n") : Bases[history.Base].ReplaceLineEndings("\n");
                var loader = new GraphLoader(TestKinds.All);
                Compare(loader, text);
                foreach (var changes in history.Versions)
                {
                    text = changes.Aggregate(text, Apply);
                    var isQuick = Compare(loader, text);
                    Interlocked.Increment(ref loads);
                    if (isQuick) Interlocked.Increment(ref quick);
                }
            },
            iter: 8_000);
        Assert.True(quick * 20 > loads, $"only {quick} of {loads} versions were read by parts, so this says little");
    }

    [Fact]
    public void Only_a_changed_item_and_its_neighbours_are_read()
    {
        var loader = new GraphLoader(TestKinds.All);
        Assert.Equal(1000, Read(loader, Graph(1000)));
        Assert.Equal(0, Read(loader, Graph(1000)));
        var changed = Graph(1000).Replace("name: /f500\n", "name: /f500\n    force: true\n", StringComparison.Ordinal);
        Assert.Equal(5, Read(loader, changed));
        Assert.Equal(5, Read(loader, Graph(1000)));
        Assert.Equal(3, Read(loader, Graph(1001)));
        Assert.Equal(2, Read(loader, "# moved\n\n" + Graph(1001)));
    }

    [Fact]
    public void Items_far_apart_and_moved_ones_are_found_again()
    {
        var loader = new GraphLoader(TestKinds.All);
        Read(loader, Graph(1000));
        var apart = Graph(1000).Replace("name: /f100\n", "name: /g100\n", StringComparison.Ordinal).Replace("name: /f900\n", "name: /g900\n", StringComparison.Ordinal);
        Assert.Equal(8, Read(loader, apart));
        var half = Graph(1000).IndexOf("  - name: /f500\n", StringComparison.Ordinal);
        var start = Graph(1000).IndexOf("  - name: /f0\n", StringComparison.Ordinal);
        Read(loader, Graph(1000));
        Assert.InRange(Read(loader, Graph(1000)[..start] + Graph(1000)[half..] + Graph(1000)[start..half]), 4, 8);
    }

    [Fact]
    public void What_was_not_read_again_keeps_its_values_and_has_its_new_place()
    {
        var loader = new GraphLoader(TestKinds.All);
        var before = loader.Load([GraphSource.FromText("g.yaml", Graph(10))]).Definition!.Resources;
        var after = loader.Load([GraphSource.FromText("g.yaml", "# moved\n" + Graph(10))]).Definition!.Resources;
        Assert.Same(before[5].Values, after[5].Values);
        Assert.Equal(before[5].Place with { Line = before[5].Place.Line + 1 }, after[5].Place);
    }

    [Theory]
    [InlineData("x: &a 1\n")]
    [InlineData("resources: {noop: [{name: a}]}\n")]
    public void What_cannot_be_cut_is_read_as_a_whole(string end)
    {
        var loader = new GraphLoader(TestKinds.All);
        Compare(loader, Graph(10) + end);
        Assert.False(Compare(loader, Graph(11) + end));
    }

    [Fact]
    public void A_quote_left_open_is_a_mistake_of_the_whole_file()
    {
        var loader = new GraphLoader(TestKinds.All);
        Read(loader, Graph(100));
        Compare(loader, Graph(100).Replace("name: /f50\n", "name: \"/f50\n", StringComparison.Ordinal));
        Compare(loader, Graph(100));
    }

    private static string Graph(int count) =>
        "graph: g\nresources:\n  file:\n" + string.Concat(Enumerable.Range(0, count).Select(i => $"  - name: /f{i}\n    mode: \"0644\"\n"));

    private static int Read(GraphLoader loader, string text)
    {
        Compare(loader, text);
        return loader.ItemsRead;
    }

    // Whether it was read by parts.
    private static bool Compare(GraphLoader knowing, string text)
    {
        var fresh = new GraphLoader(TestKinds.All);
        var expected = fresh.Load([GraphSource.FromText("g.yaml", text)]);
        var actual = knowing.Load([GraphSource.FromText("g.yaml", text)]);
        Assert.Equal((DiagnosticWriter.ToText(expected), expected.Omitted), (DiagnosticWriter.ToText(actual), actual.Omitted));
        Assert.Equal(expected.Diagnostics, actual.Diagnostics);
        Assert.Equal(expected.Definition is null, actual.Definition is null);
        var isQuick = knowing.ItemsRead < fresh.ItemsRead;
        if (expected.Definition is not { } definition) return isQuick;
        Assert.Equal(definition.Graph, actual.Definition!.Graph);
        Assert.Equal(definition.Resources.Select(one => (one, one.Kind, one.Place)), actual.Definition.Resources.Select(one => (one, one.Kind, one.Place)));
        Assert.Equal(definition.Exports.Select(one => (one, one.Kind, one.Place)), actual.Definition.Exports.Select(one => (one, one.Kind, one.Place)));
        Assert.Equal(definition.Edges, actual.Definition.Edges);
        Assert.Equal(definition.Collects, actual.Definition.Collects);
        return isQuick;
    }

    private static string Apply(string text, (int Kind, int At, int Length, int Piece) change)
    {
        if (text.Length == 0) return Pieces[change.Piece];
        var at = change.At % text.Length;
        var lines = text.Split('\n').ToList();
        var line = at % lines.Count;
        switch (change.Kind)
        {
            case 0: return text.Remove(at, Math.Min(change.Length, text.Length - at));
            case 1: return text.Insert(at, Pieces[change.Piece]);
            case 2: return text.Insert(at, text.Substring(at, Math.Min(change.Length, text.Length - at)));
            case 3: return text.Remove(at, 1).Insert(at, "z");
            case 4: return text.Insert(at, "z");
            case 5: lines.RemoveAt(line); break;
            case 6: lines.Insert(change.Length * 7 % lines.Count, lines[line]); break;
            case 7: lines[line] = " " + lines[line]; break;
            default: lines[line] = lines[line].StartsWith(' ') ? lines[line][1..] : lines[line] + Pieces[change.Piece]; break;
        }

        return string.Join('\n', lines);
    }
}
