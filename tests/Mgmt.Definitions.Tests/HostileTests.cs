using System.Diagnostics;
using System.Text;

namespace Mgmt.Definitions.Tests;

/// <summary>
/// Files made to take the agent's time or memory, or to end it. Each is so large that a cost which grows with the square of it would take
/// minutes; all must be answered within a bound that is generous on a busy machine.
/// </summary>
public class HostileTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    public static TheoryData<string, string> Shapes() => new()
    {
        { "brackets", "more than 64 levels" }, { "braces", "more than 64 levels" }, { "brackets closed", "more than 64 levels" },
        { "brackets on lines", "more than 64 levels" }, { "brackets as keys", "more than 64 levels" }, { "dashes", "more than 64 levels" },
        { "questions", "more than 64 levels" }, { "dashes and questions", "more than 64 levels" }, { "steps", "more than 64 levels" },
        { "anchors", "one anchor only" }, { "tags", "cannot read this as YAML" }, { "alias uses", "10000 times" },
        { "alias bomb", "more than 1000000 values" }, { "alias depth", "more than 64 levels" },
        { "open quote", "has no end" }, { "open single quote", "has no end" }, { "long key", "cannot read this as YAML" },
        { "long quoted key", "cannot read this as YAML" }, { "long explicit key", "there is no such key" }, { "colons", "cannot stand here" },
        { "duplicate keys", "twice in one map" }, { "unknown keys", "there is no such key" }, { "unknown kinds", "there is no such kind" },
        { "wrong values", "text is wanted" }, { "missing ends", "there is no such resource" }, { "duplicate resources", "twice" },
        { "documents", "second document" }, { "document ends", "cannot read what follows" }, { "directives", "without a name" },
        { "version", "no version that is known" }, { "long anchor", "without a name" }, { "long tag", "cannot use the tag" },
        { "flow words", "cannot read this as YAML" }, { "closing brackets", "cannot read this as YAML" }, { "tabs", "cannot" },
        { "blank lines", "without a name" }, { "comments", "without a name" }, { "returns", "without a name" }, { "number", "it is a number" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void It_is_refused_in_linear_time(string shape, string expected)
    {
        var text = Make(shape);
        Assert.True(text.Length >= 200_000, $"{text.Length}");
        var watch = Stopwatch.StartNew();
        var result = Load.Text(text);
        var output = DiagnosticWriter.ToText(result);
        Assert.True(watch.Elapsed < Bound, $"{watch.Elapsed}");
        Assert.Null(result.Definition);
        Assert.Contains(expected, output, StringComparison.Ordinal);
        Assert.True(output.Length < 150_000, $"{output.Length}");
    }

    private static string Make(string shape) => MakeNested(shape) ?? MakeAliases(shape) ?? MakeMistakes(shape) ?? MakeText(shape);

    private static string? MakeNested(string shape) => shape switch
    {
        "brackets" => "[".Times(1_000_000),
        "braces" => "{".Times(1_000_000),
        "brackets closed" => "a: " + "[".Times(1_000_000) + "]".Times(1_000_000),
        "brackets on lines" => "[\n".Times(1_000_000),
        "brackets as keys" => "{[".Times(1_000_000),
        "dashes" => "- ".Times(1_000_000) + "a",
        "questions" => "? ".Times(1_000_000) + "a",
        "dashes and questions" => "- ? ".Times(500_000) + "a",
        "steps" => Steps(2_000),
        _ => null,
    };

    private static string? MakeAliases(string shape) => shape switch
    {
        "anchors" => "&a ".Times(500_000),
        "tags" => "!t ".Times(500_000),
        "alias uses" => "a: &a b\nc: [" + "*a, ".Times(100_000) + "]",
        "alias bomb" => Bomb(30) + "#".Times(200_000),
        "alias depth" => "x: &a0 []\n" + string.Concat(Enumerable.Range(1, 10_000).Select(i => $"x{i}: &a{i} [*a{i - 1}]\n")),
        "long anchor" => "a: &" + "a".Times(10_000_000) + " b",
        "long tag" => "graph: !" + "a".Times(10_000_000) + " b",
        _ => null,
    };

    private static string? MakeMistakes(string shape) => shape switch
    {
        "duplicate keys" => "graph: g\n".Times(300_000),
        "unknown keys" => "graph: g\n" + Lines(100_000, i => $"grap{i}: b"),
        "unknown kinds" => "graph: g\nresources:\n" + Lines(100_000, i => $"  fil{i}: []"),
        "wrong values" => "graph: g\nresources:\n  file:\n" + Lines(60_000, i => $"  - {{name: /f{i}, content: {i}, nmae: x}}"),
        "missing ends" => "graph: g\nresources:\n  noop:\n" + Lines(50_000, i => $"  - name: resource{i}") + "edges:\n"
            + Lines(50_000, i => $"- {{name: e, from: {{kind: noop, name: resourcf{i}}}, to: {{kind: noop, name: xresource{i}}}}}"),
        "duplicate resources" => "graph: g\nresources:\n  noop:\n" + "  - name: a\n".Times(100_000),
        "number" => "graph: " + "9".Times(10_000_000),
        _ => null,
    };

    private static string MakeText(string shape) => shape switch
    {
        "open quote" => "a: \"" + "word ".Times(2_000_000),
        "open single quote" => "a: '" + "word\n ".Times(2_000_000),
        "long key" => "k".Times(10_000_000) + ": v",
        "long quoted key" => "\"" + "k\\n".Times(5_000_000) + "\": v",
        "long explicit key" => "graph: g\n? " + "k".Times(10_000_000) + "\n: v",
        "colons" => "a: ".Times(1_000_000),
        "documents" => "---\n".Times(1_000_000),
        "document ends" => "...\n".Times(1_000_000),
        "directives" => "%FOO bar\n".Times(300_000) + "--- {}",
        "version" => "%YAML 1." + "1".Times(1_000_000) + "\n--- {}",
        "flow words" => "[" + "a ".Times(2_000_000) + ": b]",
        "closing brackets" => "[" + "]".Times(2_000_000),
        "tabs" => "\t".Times(2_000_000) + "a: b",
        "blank lines" => "\n".Times(5_000_000) + "comment: b",
        "comments" => "# graph: g\n".Times(1_000_000),
        "returns" => "\r".Times(2_000_000),
        _ => throw new ArgumentException(shape),
    };

    private static string Lines(int count, Func<int, string> line)
    {
        var text = new StringBuilder();
        for (var i = 0; i < count; i++) text.Append(line(i)).Append('\n');
        return text.ToString();
    }

    private static string Steps(int count) => Lines(count, i => new string(' ', i) + "a:");

    private static string Bomb(int levels) =>
        "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + Lines(levels, i => $"a{i + 1}: &a{i + 1} [" + $"*a{i}, ".Times(9) + "]");

    [Theory]
    [InlineData("flow")]
    [InlineData("plain lines")]
    [InlineData("quoted lines")]
    [InlineData("comments")]
    [InlineData("resources")]
    public void Twice_as_much_takes_no_more_than_about_twice_as_long(string shape)
    {
        Time(shape, 10_000);
        var once = Enumerable.Range(0, 3).Min(_ => Time(shape, 25_000));
        var twice = Enumerable.Range(0, 3).Min(_ => Time(shape, 50_000));
        Assert.True(twice < (once * 3.5) + 100, $"{once} ms and {twice} ms");

        static double Time(string shape, int count)
        {
            var text = "graph: g\n" + shape switch
            {
                "flow" => "x: [" + "{a: b, c}, ".Times(count) + "]",
                "plain lines" => "comment: a" + "\n  b".Times(count),
                "quoted lines" => "comment: \"a" + "\n  b \\\n  c".Times(count) + "\"",
                "comments" => "# c\n  # d\n".Times(count),
                _ => "resources:\n  noop:\n" + Lines(count, i => $"  - name: n{i}"),
            };
            var watch = Stopwatch.StartNew();
            Load.Text(text);
            return watch.Elapsed.TotalMilliseconds;
        }
    }

    [Fact]
    public void Brackets_within_quotes_are_text() =>
        Load.Good("graph: g\ncomment: \"" + "[{".Times(100_000) + "\"\nresources:\n  file:\n  - name: /a\n    content: |\n      " + "[".Times(100_000));

    [Fact]
    public void Sixty_levels_are_read() =>
        Assert.DoesNotContain("levels", DiagnosticWriter.ToText(Load.Text("graph: " + "[".Times(60) + "]".Times(60))), StringComparison.Ordinal);

    [Fact]
    public void A_long_line_and_a_large_value_are_read() =>
        Assert.Equal(10_000_000, Load.Good("graph: g\nresources: {file: [{name: /a, content: \"" + "x".Times(10_000_000) + "\"}]}").Resources[0].Values.Get(TestKinds.File.Content).Length);

    [Fact]
    public void Mistakes_beyond_the_first_hundred_are_counted()
    {
        var result = Load.Text("graph: g\n" + Lines(5_000, i => $"k{i}: b"));
        Assert.Equal((100, 4_900), (result.Diagnostics.Count, result.Omitted));
        Assert.Equal(Enumerable.Range(2, 100), result.Diagnostics.Select(one => one.Place.Line));
        Assert.EndsWith("and 4900 more\n", DiagnosticWriter.ToText(result), StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_cycle_is_named_in_bounds()
    {
        var text = "graph: g\nresources:\n  noop:\n" + Lines(20_000, i => $"  - name: n{i}") + "edges:\n"
            + Lines(20_000, i => $"- {{name: e, from: {{kind: noop, name: n{i}}}, to: {{kind: noop, name: n{(i + 1) % 20_000}}}}}");
        var one = Assert.Single(Load.Text(text).Diagnostics);
        Assert.StartsWith("cannot order a cycle: Noop[n0] -> Noop[n1] -> ", one.Message, StringComparison.Ordinal);
        Assert.EndsWith("-> … 19950 more … -> Noop[n0]", one.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_than_the_largest_size_is_refused()
    {
        var result = Load.Bytes(new byte[(64 * 1024 * 1024) + 1]);
        Assert.Equal("cannot load a graph of more than 64 MiB", Assert.Single(result.Diagnostics).Message);
    }

    [Theory]
    [InlineData(new byte[] { (byte)'a', (byte)':', (byte)' ', 0, (byte)'\n' }, "g.yaml:1:4: cannot read this as YAML: it holds the character U+0000")]
    [InlineData(new byte[] { (byte)'a', (byte)'\n', 0x1b }, "g.yaml:2:1: cannot read this as YAML: it holds the character U+001B")]
    [InlineData(new byte[] { (byte)'a', (byte)'\n', (byte)'b', 0xff }, "g.yaml:2:2: cannot read this as text: it is not UTF-8")]
    [InlineData(new byte[] { (byte)'a', 0xc3 }, "g.yaml:1:2: cannot read this as text: it is not UTF-8")]
    [InlineData(new byte[] { (byte)'a', 0xed, 0xa0, 0x80 }, "g.yaml:1:2: cannot read this as text: it is not UTF-8")]
    [InlineData(new byte[] { 0xff, 0xfe, (byte)'a', 0 }, "g.yaml:1:1: cannot read this as text: it is not UTF-8")]
    [InlineData(new byte[] { 0xc2, 0x80 }, "g.yaml:1:1: cannot read this as YAML: it holds the character U+0080")]
    public void What_is_not_text_is_refused_at_its_place(byte[] content, string expected) =>
        Assert.StartsWith(expected, DiagnosticWriter.ToText(Load.Bytes(content)), StringComparison.Ordinal);
}
