using System.Globalization;
using System.Text;

namespace Mgmt.Graphs;

/// <summary>One node of a drawing.</summary>
/// <param name="Name">Any text; different from every other node's.</param>
/// <param name="Members">What the node stands for when it is a group: it gets a double border and lists them. Empty for a plain node.</param>
public sealed record DotNode(string Name, IReadOnlyList<string> Members);

/// <summary>One arrow of a drawing.</summary>
/// <param name="From">The position of the node that it leaves.</param>
/// <param name="To">The position of the node that it points at.</param>
/// <param name="Label">Any text, or none.</param>
/// <param name="Dashed">A broken line.</param>
/// <param name="Bold">A thick, coloured line.</param>
public sealed record DotEdge(int From, int To, string Label = "", bool Dashed = false, bool Bold = false);

/// <summary>Writes a graph in graphviz's language. Valid whatever the texts contain, and the same for the same input.</summary>
public static class DotWriter
{
    /// <summary>The drawing as text, one statement a line.</summary>
    public static string Write(string name, IReadOnlyList<DotNode> nodes, IReadOnlyList<DotEdge> edges)
    {
        var dot = new StringBuilder();
        dot.Append("digraph ").Append(Id(name)).Append(" {\n  node [shape=box];\n");
        foreach (var node in nodes) dot.Append("  ").Append(Id(node.Name)).Append(Attributes(node)).Append(";\n");
        foreach (var edge in edges)
        {
            dot.Append("  ").Append(Id(nodes[edge.From].Name)).Append(" -> ").Append(Id(nodes[edge.To].Name)).Append(Attributes(edge)).Append(";\n");
        }

        return dot.Append("}\n").ToString();
    }

    private static string Attributes(DotNode node)
    {
        if (node.Members.Count == 0) return IsPlain(node.Name) ? "" : $" [label=\"{Label(node.Name)}\"]";
        var members = string.Concat(node.Members.Select(member => Label(member) + "\\l"));
        return $" [peripheries=2, label=\"{Label(node.Name)}\\n{members}\"]";
    }

    private static string Attributes(DotEdge edge)
    {
        var attributes = new List<string>();
        if (edge.Label.Length > 0) attributes.Add($"label=\"{Label(edge.Label)}\"");
        if (edge.Dashed || edge.Bold) attributes.Add($"style=\"{(edge.Dashed ? "dashed" : "")}{(edge.Dashed && edge.Bold ? "," : "")}{(edge.Bold ? "bold" : "")}\"");
        if (edge.Bold) attributes.Add("color=\"blue\"");
        return attributes.Count == 0 ? "" : $" [{string.Join(", ", attributes)}]";
    }

    // What graphviz shows of a node without a label is its name, read as a label: safe as long as a label would be written the same way.
    private static bool IsPlain(string name) => Label(name) == name;

    /// <summary>
    /// An identifier. Backslashes are doubled and control characters get a single one, so that different texts stay different identifiers.
    /// </summary>
    private static string Id(string text)
    {
        var id = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (c is '"' or '\\') id.Append('\\').Append(c);
            else if (char.IsControl(c)) id.Append(Code(c));
            else id.Append(c);
        }

        return id.Append('"').ToString();
    }

    /// <summary>A label. Here a backslash, and the ampersand of an entity, have a meaning; a control character is shown as <c>\x1b</c>.</summary>
    private static string Label(string text)
    {
        var label = new StringBuilder();
        foreach (var c in text)
        {
            if (c is '"' or '\\') label.Append('\\').Append(c);
            else if (c == '&') label.Append("&amp;");
            else if (char.IsControl(c)) label.Append('\\').Append(Code(c));
            else label.Append(c);
        }

        return label.ToString();
    }

    private static string Code(char control) => string.Create(CultureInfo.InvariantCulture, $"\\x{(int)control:x2}");
}
