using System.Diagnostics;
using System.Text;
using CsCheck;

namespace Mgmt.Graphs.Tests;

public sealed class DotWriterTests
{
    [Fact]
    public void Drawing_shows_groups_and_kinds_of_edges()
    {
        var dot = DotWriter.Write(
            "web",
            [new DotNode("File[a]", []), new DotNode("Pkg[b,c]", ["Pkg[b]", "Pkg[c]"]), new DotNode("Svc[d]", [])],
            [new DotEdge(0, 1), new DotEdge(0, 2, "e1, e2", Bold: true), new DotEdge(1, 2, Dashed: true), new DotEdge(2, 0, "e3", Dashed: true, Bold: true)]);
        Assert.Equal(
            """
            digraph "web" {
              node [shape=box];
              "File[a]";
              "Pkg[b,c]" [peripheries=2, label="Pkg[b,c]\nPkg[b]\lPkg[c]\l"];
              "Svc[d]";
              "File[a]" -> "Pkg[b,c]";
              "File[a]" -> "Svc[d]" [label="e1, e2", style="bold", color="blue"];
              "Pkg[b,c]" -> "Svc[d]" [style="dashed"];
              "Svc[d]" -> "File[a]" [label="e3", style="dashed,bold", color="blue"];
            }

            """,
            dot);
    }

    [Theory]
    [InlineData("say \"hi\"", """ "say \"hi\"" """, """ say \"hi\" """)]
    [InlineData("back\\", """ "back\\" """, """ back\\ """)]
    [InlineData("\\N", """ "\\N" """, """ \\N """)]
    [InlineData("a\nb", """ "a\x0ab" """, """ a\\x0ab """)]
    [InlineData("nul\0", """ "nul\x00" """, """ nul\\x00 """)]
    [InlineData("\u001b[31m", """ "\x1b[31m" """, """ \\x1b[31m """)]
    [InlineData("&lt;", """ "&lt;" """, """ &amp;lt; """)]
    public void Names_are_escaped_as_identifier_and_as_label(string name, string id, string label) =>
        Assert.Contains($"  {id.Trim()} [label=\"{label.Trim()}\"];\n", DotWriter.Write("", [new DotNode(name, [])], []), StringComparison.Ordinal);

    [Theory]
    [InlineData("<b>x</b>")]
    [InlineData("ünï→❤")]
    [InlineData("{a|b}")]
    [InlineData("digraph")]
    public void Names_without_a_meaning_in_labels_need_no_label(string name) =>
        Assert.Contains($"  \"{name}\";\n", DotWriter.Write("", [new DotNode(name, [])], []), StringComparison.Ordinal);

    private static readonly Gen<string> AnyText = Gen.OneOf(
        Gen.String[Gen.Char["\"\\\n\r\t\0\u001b<>{}|[];&#-lNG x\u0085\u2028ü"], 1, 8],
        Gen.String[Gen.Char['\u0001', '\ud7ff'], 1, 8]);

    [Fact]
    public void Any_text_stays_inside_its_quotes() => Gen.Select(AnyText, AnyText, AnyText).Sample((name, other, label) =>
    {
        var nodes = new[] { new DotNode("1" + name, []), new DotNode("2" + other, [name, label]) };
        var tokens = DotTokens.Read(DotWriter.Write(label, nodes, [new DotEdge(0, 1, label, Bold: true)]));
        Assert.Equal("digraph * { node [ shape = box ] ; *", Skeleton(tokens.Take(11)));
        Assert.Equal("* -> * [ label = * , style = * , color = * ] ; }", Skeleton(tokens.Skip(tokens.Count - 18)));
    });

    [Fact]
    public void Different_names_are_different_identifiers() => Gen.Select(AnyText, AnyText).Sample((one, other) =>
    {
        string Id(string name) => DotTokens.Read(DotWriter.Write("g", [new DotNode(name, [])], []))[10];
        return (one == other) == (Id(one) == Id(other));
    });

    /// <summary>The same promise held against the real program, where it is installed.</summary>
    [Fact]
    public async Task Graphviz_reads_any_text()
    {
        if (!Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(directory => File.Exists(Path.Combine(directory, "dot")))) return;
        var names = AnyText.Array[200].Single().Select((text, i) => i + text).ToArray();
        var nodes = names.Select((name, i) => new DotNode(name, i % 3 == 0 ? [name, name] : [])).ToArray();
        var edges = names.Skip(1).Select((name, i) => new DotEdge(i, i + 1, name, i % 2 == 0, i % 3 == 0)).ToArray();
        var (code, output, error) = await RunDotAsync(DotWriter.Write(names[0], nodes, edges));
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(names.Length - 1, output.Split(" -> ").Length - 1);
    }

    private static async Task<(int Code, string Output, string Error)> RunDotAsync(string input)
    {
        var utf8 = new UTF8Encoding(false);
        using var dot = Process.Start(new ProcessStartInfo("dot", "-Tcanon")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = utf8,
            StandardOutputEncoding = utf8,
        })!;
        var output = dot.StandardOutput.ReadToEndAsync();
        var error = dot.StandardError.ReadToEndAsync();
        await dot.StandardInput.WriteAsync(input);
        dot.StandardInput.Close();
        await dot.WaitForExitAsync();
        return (dot.ExitCode, await output, await error);
    }

    private static string Skeleton(IEnumerable<string> tokens) => string.Join(' ', tokens.Select(token => token[0] == '"' ? "*" : token));
}
