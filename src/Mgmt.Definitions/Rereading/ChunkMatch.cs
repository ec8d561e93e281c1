namespace Mgmt.Definitions;

/// <summary>Finds the chunks of a text that the one before had too.</summary>
internal readonly ref struct ChunkMatch
{
    private const int None = -1;

    private readonly Outline _last;
    private readonly Outline _next;
    private readonly ReadOnlySpan<char> _lastText;
    private readonly ReadOnlySpan<char> _nextText;
    private readonly int[] _found;

    private ChunkMatch(Outline last, string lastText, Outline next, string nextText)
    {
        _last = last;
        _next = next;
        _lastText = lastText;
        _nextText = nextText;
        _found = new int[next.Chunks.Length];
        Array.Fill(_found, None);
    }

    /// <summary>For each chunk of the next outline the one of the last with the same text in the same list, or a negative number.</summary>
    public static int[] Find(Outline last, string lastText, Outline next, string nextText)
    {
        var match = new ChunkMatch(last, lastText, next, nextText);
        foreach (var section in next.Sections)
        {
            foreach (var before in last.Sections)
            {
                if (!before.IsLike(section)) continue;
                match.Find(before, section);
                break;
            }
        }

        return match._found;
    }

    // Nearly always one place changed: what is before and behind it is found by comparing alone.
    private void Find(in Section last, in Section next)
    {
        var (from, lastFrom) = (next.First, last.First);
        var (to, lastTo) = (next.End, last.End);
        while (from < to && lastFrom < lastTo && IsSame(from, lastFrom)) _found[from++] = lastFrom++;
        while (from < to && lastFrom < lastTo && IsSame(to - 1, lastTo - 1)) _found[--to] = --lastTo;
        if (from == to || lastFrom == lastTo) return;
        var byHash = new Dictionary<int, int>(lastTo - lastFrom);
        for (var i = lastFrom; i < lastTo; i++) byHash.TryAdd(Hash(_lastText, _last.Chunks[i]), i);
        for (var i = from; i < to; i++)
        {
            var follows = i > from ? _found[i - 1] + 1 : lastFrom;
            if (follows > lastFrom && follows < lastTo && IsSame(i, follows)) _found[i] = follows;
            else if (byHash.TryGetValue(Hash(_nextText, _next.Chunks[i]), out var known) && IsSame(i, known)) _found[i] = known;
        }
    }

    private bool IsSame(int next, int last) => Text(_nextText, _next.Chunks[next]).SequenceEqual(Text(_lastText, _last.Chunks[last]));

    private static ReadOnlySpan<char> Text(ReadOnlySpan<char> text, in Chunk chunk) => text[chunk.Start..chunk.End];

    // Keyed by the process, as the texts may come from anybody.
    private static int Hash(ReadOnlySpan<char> text, in Chunk chunk) => string.GetHashCode(Text(text, chunk));
}
