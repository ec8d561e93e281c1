using System.Buffers;

namespace Mgmt.Definitions;

/// <summary>Walks through the lines of a text, forwards only. It breaks lines where YamlDotNet does, so that both count alike.</summary>
internal ref struct LineCursor
{
    private static readonly SearchValues<char> Breaks = SearchValues.Create("\n\r\u0085\u2028\u2029");

    private readonly ReadOnlySpan<char> _text;
    private int _next;

    public LineCursor(ReadOnlySpan<char> text)
    {
        _text = text;
        Line = 0;
        HasNext = true;
        Next();
    }

    /// <summary>The number of the line, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>Where the line begins in the text.</summary>
    public int Start { get; private set; }

    /// <summary>The line without its end.</summary>
    public ReadOnlySpan<char> Current { get; private set; }

    /// <summary>Whether a further line begins after this one.</summary>
    public bool HasNext { get; private set; }

    /// <summary>Goes to the next line.</summary>
    public void Next()
    {
        Start = _next;
        var rest = _text[_next..];
        var length = rest.IndexOfAny(Breaks);
        HasNext = length >= 0;
        Current = HasNext ? rest[..length] : rest;
        Line++;
        if (!HasNext) return;
        var ended = rest[length] == '\r' && length + 1 < rest.Length && rest[length + 1] == '\n' ? 2 : 1;
        _next += length + ended;
    }

    /// <summary>Goes to a place where a line begins.</summary>
    /// <param name="start">The place in the text.</param>
    /// <param name="line">The number of that line.</param>
    public void GoTo(int start, int line)
    {
        _next = start;
        Line = line - 1;
        Next();
    }

    /// <summary>Goes to a line that is not before this one; to the last when there are not so many.</summary>
    public void GoTo(int line)
    {
        while (Line < line && HasNext) Next();
    }
}
