using System.Globalization;
using Mgmt.Engine.Kinds;
using Mgmt.Engine.Plans;

namespace Mgmt.Engine.Tests.Running;

/// <summary>Reads a plan from one line: <c>a b(retry=1 delay=100 sema=x:2 v=2) c | a->b b=>c</c>, where <c>=></c> notifies.</summary>
internal static class PlanText
{
    public static Plan Parse(TestKind kind, string text, Plan? previous = null)
    {
        var halves = text.Split('|');
        var specs = Tokens(halves[0]).Select(token => ParseSpec(kind, token)).ToList();
        var edges = halves.Length < 2 ? [] : halves[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(ParseEdge).ToList();
        return Compiler.Compile(new Definition("g", specs, [], edges, []), previous: previous);
    }

    private static IEnumerable<string> Tokens(string text)
    {
        var start = 0;
        var depth = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            var c = i < text.Length ? text[i] : ' ';
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c != ' ' || depth > 0) continue;
            if (i > start) yield return text[start..i];
            start = i + 1;
        }
    }

    private static ResourceSpec ParseSpec(TestKind kind, string token)
    {
        var open = token.IndexOf('(', StringComparison.Ordinal);
        if (open < 0) return kind.Spec(token);
        var pairs = token[(open + 1)..^1].Split(' ').Select(pair => pair.Split('=')).ToList();
        var value = pairs.Find(pair => pair[0] == "v")?[1] ?? "";
        return kind.Spec(token[..open], value, [.. pairs.Where(pair => pair[0] != "v").Select(pair => (pair[0], ParseValue(pair[0], pair[1])))]);
    }

    private static object ParseValue(string field, string text) => field switch
    {
        "noop" => bool.Parse(text),
        "sema" => new TextList(text.Split(',')),
        "limit" => double.Parse(text, CultureInfo.InvariantCulture),
        _ => long.Parse(text, CultureInfo.InvariantCulture),
    };

    private static EdgeSpec ParseEdge(string text)
    {
        var notify = text.Contains("=>", StringComparison.Ordinal);
        var ends = text.Split(notify ? "=>" : "->");
        return new EdgeSpec(text, new Address("test", ends[0]), new Address("test", ends[1]), notify, default);
    }
}
