namespace Mgmt.Acceptance.Tests;

/// <summary>What `mgmt graph` shows of edges that were found and of groups.</summary>
public sealed class GraphTests
{
    private const string Graph = """
        graph: g
        resources:
          noop:
          - {name: c}
          - {name: a}
          - {name: b, meta: {autogroup: false}}
          file:
          - {name: /srv/x/y/f, content: ""}
          - {name: /srv/x/}
        edges:
        - {name: e1, from: {kind: noop, name: c}, to: {kind: file, name: /srv/x/}}
        """;

    [Theory]
    [InlineData("json", """
        {
          "vertices": [
            {
              "kind": "file",
              "name": "/srv/x/",
              "members": [
                "File[/srv/x/]"
              ]
            },
            {
              "kind": "file",
              "name": "/srv/x/y/f",
              "members": [
                "File[/srv/x/y/f]"
              ]
            },
            {
              "kind": "noop",
              "name": "autogroup:(a,c)",
              "members": [
                "Noop[a]",
                "Noop[c]"
              ]
            },
            {
              "kind": "noop",
              "name": "b",
              "members": [
                "Noop[b]"
              ]
            }
          ],
          "edges": [
            {
              "from": "File[/srv/x/]",
              "to": "File[/srv/x/y/f]",
              "names": [
                "auto: /srv/x/"
              ],
              "auto": true,
              "notify": false
            },
            {
              "from": "Noop[autogroup:(a,c)]",
              "to": "File[/srv/x/]",
              "names": [
                "e1"
              ],
              "auto": false,
              "notify": false
            }
          ]
        }

        """)]
    [InlineData("dot", """
        digraph "g" {
          node [shape=box];
          "File[/srv/x/]";
          "File[/srv/x/y/f]";
          "Noop[autogroup:(a,c)]" [peripheries=2, label="Noop[autogroup:(a,c)]\nNoop[a]\lNoop[c]\l"];
          "Noop[b]";
          "File[/srv/x/]" -> "File[/srv/x/y/f]" [label="auto: /srv/x/", style="dashed"];
          "Noop[autogroup:(a,c)]" -> "File[/srv/x/]" [label="e1"];
        }

        """)]
    [InlineData("mermaid", """
        flowchart TD
          n0["File[/srv/x/]"]
          n1["File[/srv/x/y/f]"]
          n2[["Noop[autogroup:(a,c)]<br/>Noop[a]<br/>Noop[c]"]]
          n3["Noop[b]"]
          n0 -.->|"auto: /srv/x/"| n1
          n2 -->|"e1"| n0

        """)]
    public async Task Groups_and_automatic_edges_are_shown(string format, string expected)
    {
        using var place = new Workplace();
        var (exitCode, output) = await MgmtProcess.RunAsync("graph", "--file", place.Write("g.yaml", Graph), "--format", format);
        Assert.Equal(0, exitCode);
        Assert.Equal(expected.TrimEnd(), output.TrimEnd());
    }

    [Fact]
    public async Task An_automatic_edge_that_would_close_a_cycle_is_left_out_and_told()
    {
        using var place = new Workplace();
        var graph = place.Write("g.yaml", """
            graph: g
            resources:
              file:
              - {name: /srv/f, content: ""}
              - {name: /srv/}
            edges:
            - {name: e1, from: {kind: file, name: /srv/f}, to: {kind: file, name: /srv/}}
            """);
        var (exitCode, output) = await MgmtProcess.RunAsync("graph", "--file", graph);
        Assert.Equal(0, exitCode);
        Assert.Contains("warning: cannot add the automatic edge File[/srv/] -> File[/srv/f] (auto: /srv/): it would close the cycle File[/srv/] -> File[/srv/f] -> File[/srv/]; it is left out;", output, StringComparison.Ordinal);
        Assert.DoesNotContain("dashed", output, StringComparison.Ordinal);
    }
}
