namespace Mgmt.Definitions;

/// <summary>
/// Cuts a text into chunks by the beginnings of its lines, many times quicker than YAML is read. It knows one layout, which most people write: a list
/// item begins with a dash and a word, on a line of its own. It gives up at what it does not know.
/// </summary>
internal ref struct OutlineScanner
{
    // How many items of the last text are held against one: so many may have been taken out or put in at a place.
    private const int Reach = 4;

    private readonly List<Section> _sections = [];
    private readonly List<Chunk> _chunks;
    private readonly ReadOnlySpan<char> _text;
    private readonly ReadOnlySpan<char> _lastText;
    private readonly Chunk[] _last;
    private int _expected;
    private LineCursor _lines;
    private Part _part = Part.Other;
    private Section _section;
    private int _kindIndent;
    private int _start = -1;
    private int _startLine;

    private OutlineScanner(string text, Outline? last, string lastText)
    {
        _text = text;
        _lines = new LineCursor(text);
        _lastText = lastText;
        _last = last?.Chunks ?? [];
        _chunks = new List<Chunk>(_last.Length + Reach);
    }

    // What the present line is part of.
    private enum Part
    {
        Other,
        Kinds,
        Items,
    }

    /// <summary>The outline; null when there is none to be had.</summary>
    /// <param name="text">The text.</param>
    /// <param name="last">The outline of an earlier version of the text: what is in that too is passed over.</param>
    /// <param name="lastText">The earlier version.</param>
    public static Outline? Scan(string text, Outline? last = null, string lastText = "")
    {
        var scanner = new OutlineScanner(text, last, lastText);
        while (scanner.TakeLine())
        {
            if (scanner._lines.HasNext)
            {
                scanner.PassOver();
                continue;
            }

            scanner.EndSection(text.Length, scanner._lines.Line + 1);
            return scanner._chunks.Count == 0 ? null : new Outline([.. scanner._sections], [.. scanner._chunks]);
        }

        return null;
    }

    // To the next line; of an item that the last text has too, to the line behind it. What the lines of an item mean hangs on its first alone.
    private void PassOver()
    {
        if (_start == _lines.Start)
        {
            // What stood at the end of the text may go on now.
            for (var i = _expected; i < Math.Min(_expected + Reach, _last.Length - 1); i++)
            {
                var known = _lastText[_last[i].Start.._last[i].End];
                if (known[^1] != '\n' || !_text[_start..].StartsWith(known)) continue;
                _expected = i + 1;
                _lines.GoTo(_start + known.Length, _startLine + _last[i].EndLine - _last[i].Line);
                return;
            }
        }

        _lines.Next();
    }

    private bool TakeLine()
    {
        var line = _lines.Current;
        var indent = line.IndexOfAnyExcept(' ');
        if (indent < 0 || line[indent] == '#') return true;
        if (indent == 0 && line[0] != '-') return TakeTopKey(line);
        return _part switch
        {
            Part.Items => TakeInItems(line, indent),
            Part.Kinds => TakeInKinds(line, indent),
            _ => indent > 0,
        };
    }

    private bool TakeTopKey(ReadOnlySpan<char> line)
    {
        EndSection(_lines.Start, _lines.Line);
        if (!TryKey(line, out var key, out var isAlone)) return false;
        _part = !isAlone ? Part.Other : key switch { "resources" => Part.Kinds, "edges" or "collect" => Part.Items, _ => Part.Other };
        _kindIndent = -1;
        if (_part == Part.Items) _section = new Section(key.ToString(), "", -1, _lines.Line, _chunks.Count, 0);
        return true;
    }

    // Behind a kind whose list is written otherwise, what is indented more belongs to that.
    private bool TakeInKinds(ReadOnlySpan<char> line, int indent)
    {
        if (_kindIndent < 0) _kindIndent = indent;
        if (indent > _kindIndent) return true;
        if (indent < _kindIndent || !TryKey(line[indent..], out var key, out var isAlone)) return false;
        _part = isAlone ? Part.Items : Part.Kinds;
        if (isAlone) _section = new Section("resources", key.ToString(), -1, _lines.Line, _chunks.Count, 0);
        return true;
    }

    private bool TakeInItems(ReadOnlySpan<char> line, int indent)
    {
        var isDash = line[indent] == '-';
        if (isDash && _section.Indent < 0 && indent >= _kindIndent) _section = _section with { Indent = indent };
        if (_section.Indent >= 0 && indent > _section.Indent) return true;
        if (isDash) return indent == _section.Indent && BeginChunk(line[indent..]);
        if (_section.Kind.Length == 0) return false;
        EndSection(_lines.Start, _lines.Line);
        _part = Part.Kinds;
        return indent == _kindIndent && TakeInKinds(line, indent);
    }

    // A word without quotes also makes YamlDotNet's scanner forget what it kept of the item before.
    private bool BeginChunk(ReadOnlySpan<char> item)
    {
        EndChunk(_lines.Start, _lines.Line);
        (_start, _startLine) = (_lines.Start, _lines.Line);
        if (item.Length < 3 || item[1] != ' ') return false;
        var first = item[2] == '{' && item.Length > 3 ? item[3] : item[2];
        return char.IsAsciiLetter(first);
    }

    private void EndChunk(int end, int endLine)
    {
        if (_start >= 0) _chunks.Add(new Chunk(_start, end, _startLine, endLine));
        _start = -1;
    }

    private void EndSection(int end, int endLine)
    {
        EndChunk(end, endLine);
        if (_part == Part.Items && _chunks.Count > _section.First) _sections.Add(_section with { Count = _chunks.Count - _section.First });
        _part = Part.Other;
    }

    // A key of letters, and whether nothing but a comment is behind its colon.
    private static bool TryKey(ReadOnlySpan<char> line, out ReadOnlySpan<char> key, out bool isAlone)
    {
        var colon = line.IndexOf(':');
        key = colon < 0 ? default : line[..colon];
        var rest = line[(colon + 1)..];
        var value = rest.TrimStart(' ');
        isAlone = value.Length == 0 || (value[0] == '#' && value.Length < rest.Length);
        if (key.Length == 0 || !char.IsAsciiLetter(key[0]) || (rest.Length > 0 && rest[0] != ' ')) return false;
        foreach (var c in key)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-')) return false;
        }

        return true;
    }
}
