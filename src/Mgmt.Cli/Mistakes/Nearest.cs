namespace Mgmt.Cli.Mistakes;

/// <summary>Finds what somebody meant who wrote something else.</summary>
internal static class Nearest
{
    /// <summary>The word most like the one written, or null when none is like it.</summary>
    public static string? To(string written, IEnumerable<string> words)
    {
        var most = Math.Max(1, written.TrimStart('-').Length / 3);
        return words
            .Select(word => (Word: word, Distance: IsBeginning(written, word) ? 1 : Distance(written, word)))
            .Where(pair => pair.Distance <= most)
            .OrderBy(pair => pair.Distance)
            .Select(pair => pair.Word)
            .FirstOrDefault();
    }

    private static bool IsBeginning(string written, string word) => written.TrimStart('-').Length >= 2 && word.StartsWith(written, StringComparison.Ordinal);

    /// <summary>How many letters must be changed, added, removed or swapped with their neighbour.</summary>
    private static int Distance(string a, string b)
    {
        var before = new int[b.Length + 1];
        var last = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var row = new int[b.Length + 1];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(change, 1 + Math.Min(last[j], row[j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = Math.Min(row[j], before[j - 2] + 1);
            }

            (before, last) = (last, row);
        }

        return last[b.Length];
    }
}
