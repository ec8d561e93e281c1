using Mgmt.Engine;

namespace Mgmt.Definitions;

/// <summary>
/// The mistakes in one file. It keeps the first ones by place and counts the others, so that a file of a million mistakes costs neither memory
/// nor a screen. The same mistake at the same place, seen through several aliases, counts once.
/// </summary>
internal sealed class Problems(string file)
{
    private readonly SortedSet<Problem> _kept = new(ByPlace);
    private string _text = "";

    private static readonly Comparer<Problem> ByPlace = Comparer<Problem>.Create(static (a, b) =>
        a.Line != b.Line ? a.Line.CompareTo(b.Line)
        : a.Column != b.Column ? a.Column.CompareTo(b.Column)
        : string.CompareOrdinal(a.Message, b.Message));

    /// <summary>The file's name.</summary>
    public string File => file;

    /// <summary>How many were found.</summary>
    public int Count { get; private set; }

    /// <summary>Gives the text that lines are quoted from.</summary>
    public void UseText(string text) => _text = text;

    /// <summary>Where a node stands.</summary>
    public Place PlaceOf(Node node) => new(file, node.Line, node.Column);

    /// <summary>Whether a mistake at this place would be kept; asked before a costly message is made.</summary>
    public bool Wants(int line, int column) =>
        _kept.Count < Limits.Mistakes || line < _kept.Max.Line || (line == _kept.Max.Line && column < _kept.Max.Column);

    /// <summary>Counts a mistake that is not wanted.</summary>
    public void Omit() => Count++;

    /// <summary>Adds a mistake at a node.</summary>
    public void Add(Node at, string message, string advice = "") => Add(at.Line, at.Column, message, advice);

    /// <summary>Adds a mistake at a place of this file.</summary>
    public void Add(Place at, string message, string advice = "") => Add(at.Line, at.Column, message, advice);

    /// <summary>Adds a mistake.</summary>
    public void Add(int line, int column, string message, string advice = "")
    {
        if (Wants(line, column))
        {
            if (!_kept.Add(new Problem(line, column, Wording.Clean(message), Wording.Clean(advice)))) return;
            if (_kept.Count > Limits.Mistakes) _kept.Remove(_kept.Max);
        }

        Count++;
    }

    /// <summary>The kept mistakes by place, each with its line.</summary>
    public List<Diagnostic> ToDiagnostics()
    {
        var diagnostics = new List<Diagnostic>(_kept.Count);
        var lines = new LineCursor(_text);
        foreach (var (line, column, message, advice) in _kept)
        {
            lines.GoTo(line);
            var quoted = lines.Line == line && lines.Current.Length > 0 ? Excerpt.Of(lines.Current, column) : null;
            diagnostics.Add(new Diagnostic(Severity.Error, new Place(file, line, column), message, advice, quoted));
        }

        return diagnostics;
    }

    private readonly record struct Problem(int Line, int Column, string Message, string Advice);
}
