using System.Diagnostics;
using System.Text;
using CsCheck;

namespace Mgmt.Definitions.Tests;

/// <summary>A good file, changed at random: whatever comes of it, the loader answers, soon, and in printable words.</summary>
public class MutationTests
{
    private static readonly byte[] Good = Encoding.UTF8.GetBytes("""
        graph: mygraph # ä comment
        comment: &c 'it''s'
        resources:
          file:
          - name: file1
            path: "/tmp/\x41"
            content: |
              i am f1
            mode: "0644"
            meta: {autoedge: false, retry: -1, limit: .5, sema: ["a:2", b]}
          - &f {name: "@@file2", path: /b}
          exec:
          - {name: exec1, cmd: "sleep 10s", args: [-c, d], env: {A: b, C: ""}}
          - name: exec2
            cmd: >-
              folded
              words
            args: [*c]
          timer: [{name: timer1, interval: 0o17, drift: 2}]
        edges:
        - {name: e1, from: {kind: file, name: file1}, to: {kind: exec, name: exec1}, notify: true}
        collect: [{kind: file, pattern: /tmp/, from: "*"}]
        """);

    // What has a meaning in YAML is put in more often than chance would.
    private static readonly byte[][] Pieces =
        [.. new[] { "[", "]", "{", "}", ":", ": ", "- ", "? ", "\n", "\r", "\t", "  ", "\"", "'", "&c ", "*c", "!t ", "|", ">", "#", "---\n", "...\n", "%", "\\", "<<", "@@", "\0", "\u2028", "~", ".inf" }.Select(Encoding.UTF8.GetBytes)];

    private static readonly Gen<(int Kind, int At, int Length, int Piece, byte Flip)> Change =
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 2_000], Gen.Int[1, 40], Gen.Int[0, Pieces.Length - 1], Gen.Byte);

    [Fact]
    public void The_file_is_good_before_it_is_changed() => Assert.Empty(Load.Bytes(Good).Diagnostics);

    [Fact]
    public void It_never_throws_and_ends_soon() => Change.Array[1, 8].Sample(
        changes =>
        {
            var watch = Stopwatch.StartNew();
            var result = Load.Bytes([.. changes.Aggregate(new List<byte>(Good), Apply)]);
            var text = DiagnosticWriter.ToText(result);
            Assert.Equal(result.Definition is null, result.Diagnostics.Count > 0);
            Assert.All(result.Diagnostics, one => Assert.StartsWith("cannot ", one.Message, StringComparison.Ordinal));
            Assert.DoesNotContain(text, c => char.IsControl(c) && c is not ('\n' or '\t'));
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"{watch.Elapsed}");
        },
        iter: 20_000);

    private static List<byte> Apply(List<byte> text, (int Kind, int At, int Length, int Piece, byte Flip) change)
    {
        var at = text.Count == 0 ? 0 : change.At % text.Count;
        switch (change.Kind)
        {
            case 0 when text.Count > 0: text[at] ^= change.Flip; break;
            case 1: text.RemoveRange(at, Math.Min(change.Length, text.Count - at)); break;
            case 2: text.InsertRange(at, Pieces[change.Piece]); break;
            default: text.InsertRange(at, text.GetRange(at, Math.Min(change.Length, text.Count - at))); break;
        }

        return text;
    }
}
