namespace Mgmt.Graphs.Tests;

/// <summary>Splits DOT into its tokens as graphviz's scanner does, for machines without graphviz. Quoted strings keep their escapes.</summary>
internal static class DotTokens
{
    public static IReadOnlyList<string> Read(string dot)
    {
        var tokens = new List<string>();
        var i = 0;
        while (i < dot.Length)
        {
            if (char.IsWhiteSpace(dot[i]))
            {
                i++;
                continue;
            }

            var end = End(dot, i);
            tokens.Add(dot[i..end]);
            i = end;
        }

        return tokens;
    }

    private static int End(string dot, int start)
    {
        var c = dot[start];
        if (c == '"') return EndOfString(dot, start + 1);
        if (c == '-' && dot[start + 1] == '>') return start + 2;
        if ("{}[]=,;".Contains(c, StringComparison.Ordinal)) return start + 1;
        if (!char.IsAsciiLetterOrDigit(c)) throw new FormatException($"cannot read character {(int)c} at {start}");
        while (start < dot.Length && char.IsAsciiLetterOrDigit(dot[start])) start++;
        return start;
    }

    private static int EndOfString(string dot, int i)
    {
        for (; dot[i] != '"'; i++)
        {
            if (char.IsControl(dot[i])) throw new FormatException($"cannot allow control character {(int)dot[i]} at {i}");
            if (dot[i] == '\\') i++;
        }

        return i + 1;
    }
}
