using System.Globalization;
using System.Text;

namespace Mgmt.Engine.Plans.Views;

/// <summary>A plan as a Mermaid flowchart: groups list their members, edges that were found are dotted, edges that notify are thick.</summary>
public static class PlanMermaid
{
    /// <summary>The flowchart; the same for the same plan.</summary>
    public static string Write(Plan plan)
    {
        var sorted = new SortedPlan(plan);
        var chart = new StringBuilder("flowchart TD\n");
        for (var i = 0; i < sorted.Vertices.Count; i++) chart.Append("  ").Append(Node(i, sorted.Vertices[i])).Append('\n');
        foreach (var edge in sorted.Edges) chart.Append("  ").Append(Edge(edge)).Append('\n');
        return chart.ToString();
    }

    private static string Node(int position, PlanVertex vertex)
    {
        var members = SortedPlan.MembersOfGroup(vertex);
        var text = string.Join("<br/>", members.Prepend(vertex.Address.ToString()).Select(Escape));
        return members.Count == 0 ? $"n{position}[\"{text}\"]" : $"n{position}[[\"{text}\"]]";
    }

    // A line is dotted or thick, not both: an edge that was found and notifies is dotted and says so.
    private static string Edge(PlanEdge edge)
    {
        var arrow = edge.Auto ? "-.->" : edge.Notify ? "==>" : "-->";
        var label = edge is { Auto: true, Notify: true } ? string.Join(": ", new[] { "notify", SortedPlan.Label(edge) }.Where(part => part.Length > 0)) : SortedPlan.Label(edge);
        return $"n{edge.From} {arrow}{(label.Length == 0 ? "" : $"|\"{Escape(label)}\"|")} n{edge.To}";
    }

    /// <summary>All ASCII but letters, digits and a few marks without a meaning in Mermaid is written by its number, which Mermaid reads in quoted text.</summary>
    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (var c in PlainText.Of(text))
        {
            if (char.IsAsciiLetterOrDigit(c) || c > '~' || " -_./:,=()[]@+".Contains(c, StringComparison.Ordinal)) escaped.Append(c);
            else escaped.Append(CultureInfo.InvariantCulture, $"#{(int)c};");
        }

        return escaped.ToString();
    }
}
