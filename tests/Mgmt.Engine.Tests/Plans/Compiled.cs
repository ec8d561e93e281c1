using System.Text.RegularExpressions;
using Mgmt.Engine.Plans;

namespace Mgmt.Engine.Tests.Plans;

/// <summary>
/// Plans as one line of text. In: resources as <see cref="PlanKind"/> reads them, a bar, and edges, <c>a>b:name</c> or, where it notifies, <c>a=b:name</c>. Out: vertices,
/// a group's members joined by commas, a bar, and edges with their names, those that were found ending in "?"; all sorted.
/// </summary>
internal static partial class Compiled
{
    private static readonly PlanKind Kind = new();

    public static Definition Read(string text)
    {
        var halves = text.Split('|');
        var edges = halves.Length < 2 ? [] : halves[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Edge);
        return new Definition("g", [.. Token().Matches(halves[0]).Select(match => Kind.Spec(match.Value))], [], [.. edges], []);
    }

    public static Plan Of(string text) => Compiler.Compile(Read(text));

    public static string Text(Plan plan)
    {
        var names = plan.Vertices.Select(vertex => string.Join(',', vertex.Members.Select(member => member.Address.Name))).ToArray();
        var edges = plan.Edges.Select(edge => $"{names[edge.From]}{(edge.Notify ? '=' : '>')}{names[edge.To]}:{string.Join(',', edge.Names).Replace("auto: ", "", StringComparison.Ordinal)}{(edge.Auto ? "?" : "")}");
        return $"{string.Join(' ', names.Order(StringComparer.Ordinal))} | {string.Join(' ', edges.Order(StringComparer.Ordinal))}".TrimEnd(' ', '|');
    }

    private static EdgeSpec Edge(string text)
    {
        var parts = EdgeParts().Match(text).Groups;
        return new EdgeSpec(parts[4].Value, new Address("test", parts[1].Value), new Address("test", parts[3].Value), parts[2].Value == "=", default);
    }

    [GeneratedRegex(@"[^\s(]+(\([^)]*\))?")]
    private static partial Regex Token();

    [GeneratedRegex("(.+)([>=])(.+):(.*)")]
    private static partial Regex EdgeParts();
}
