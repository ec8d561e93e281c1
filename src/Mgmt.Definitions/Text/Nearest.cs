namespace Mgmt.Definitions;

/// <summary>Finds what a misspelt word may have meant.</summary>
internal sealed class Nearest
{
    private const int LongestWord = 100;
    private int _left;

    /// <summary>A finder that compares so many words and then gives up.</summary>
    public Nearest(int comparisons) => _left = comparisons;

    /// <summary>The one of a few words that is nearest, or null when none is near.</summary>
    public static string? Among(string word, IEnumerable<string> words) => new Nearest(1000).Of(word, words);

    /// <summary>"did you mean content?", or else what is allowed.</summary>
    public static string Advice(string word, IReadOnlyList<string> allowed, string otherwise) =>
        Among(word, allowed) is { } near ? $"did you mean {near}?" : otherwise;

    /// <summary>The nearest word, the first of equals, or null when none is near.</summary>
    public string? Of(string word, IEnumerable<string> words)
    {
        if (word.Length is 0 or > LongestWord) return null;
        var most = Math.Max(1, word.Length / 3);
        string? best = null;
        foreach (var candidate in words)
        {
            if (_left-- <= 0) break;
            if (Math.Abs(candidate.Length - word.Length) > most) continue;
            var distance = Distance(word, candidate);
            if (distance > most || (best is not null && distance == most)) continue;
            (best, most) = (candidate, distance);
            if (distance == 0) break;
        }

        return best;
    }

    /// <summary>Letters changed, left out, put in, or exchanged with their neighbour (Damerau-Levenshtein); a change of case alone is free.</summary>
    internal static int Distance(string a, string b)
    {
        Span<int> beforeLast = stackalloc int[b.Length + 1];
        Span<int> last = stackalloc int[b.Length + 1];
        Span<int> row = stackalloc int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = last[j - 1] + (Same(a[i - 1], b[j - 1]) ? 0 : 1);
                row[j] = Math.Min(change, Math.Min(last[j], row[j - 1]) + 1);
                var exchanged = i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]);
                if (exchanged) row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
            }

            var free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }

        return last[b.Length];
    }

    private static bool Same(char a, char b) => char.ToUpperInvariant(a) == char.ToUpperInvariant(b);
}
