using System.Runtime.InteropServices;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Mgmt.Definitions;

/// <summary>
/// Makes a tree of nodes of YAML text. It pulls one event after the other and gives up at the first level that is too deep: what follows is
/// never scanned, so YamlDotNet's cost of deep nesting (quadratic) cannot arise. It does not recurse.
/// </summary>
internal sealed class TreeReader
{
    private readonly Problems _problems;
    private readonly Abridgment? _abridged;
    private readonly Parser _parser;
    private readonly Anchors _anchors = new();
    private readonly Stack<Frame> _open = new();
    private readonly List<Node> _pending = [];
    private bool _documentSeen;
    private Node? _root;

    private TreeReader(string text, Problems problems, Abridgment? abridged)
    {
        _problems = problems;
        _abridged = abridged;
        _parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
    }

    /// <summary>Reads the one document of a text. No root when the text is not YAML, which is reported; a text without a document is an empty map.</summary>
    /// <param name="text">The text.</param>
    /// <param name="problems">Where to report.</param>
    /// <param name="abridged">What the text is an abridgment of, whose lines are to be counted.</param>
    public static Tree Read(string text, Problems problems, Abridgment? abridged = null)
    {
        var reader = new TreeReader(text, problems, abridged);
        return new Tree(reader.ReadRoot(text), reader._anchors.AreUsed);
    }

    private Node? ReadRoot(string text)
    {
        try
        {
            while (_parser.MoveNext())
            {
                if (!Take(_parser.Current!)) return _root;
            }
        }
        catch (YamlException error)
        {
            YamlMistakes.Report(error, Last, text, _problems);
            return null;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // The parser meets some malformed texts with exceptions of its own code: they are mistakes in the file all the same.
            YamlMistakes.Report(Last, _problems);
            return null;
        }

        return _root ?? new MappingNode([], 1, 1, 1, 1);
    }

    private int LineOf(in Mark mark) => _abridged is null ? (int)mark.Line : _abridged.LineOf((int)mark.Line);

    private Mark Last => _parser.Current?.End ?? Mark.Empty;

    // False: stop here.
    private bool Take(ParsingEvent next) => next switch
    {
        Scalar scalar => TakeScalar(scalar),
        MappingStart or SequenceStart => Open((NodeEvent)next),
        MappingEnd => Close(isMapping: true),
        SequenceEnd => Close(isMapping: false),
        AnchorAlias alias => TakeAlias(alias),
        DocumentStart start => TakeDocument(start),
        _ => true,
    };

    private bool TakeDocument(DocumentStart start)
    {
        if (_documentSeen)
        {
            _problems.Add((int)start.Start.Line, (int)start.Start.Column, "cannot read a second document: a graph file holds one", "remove the line --- or put what follows into a file of its own");
            return false;
        }

        _documentSeen = true;
        return true;
    }

    private bool TakeScalar(Scalar scalar)
    {
        RefuseTag(scalar);
        var node = new ScalarNode(scalar.Value, scalar.Style == ScalarStyle.Plain, LineOf(scalar.Start), (int)scalar.Start.Column);
        if (!scalar.Anchor.IsEmpty) _anchors.Close(scalar.Anchor.Value, node);
        Put(node);
        return true;
    }

    private bool Open(NodeEvent start)
    {
        var (line, column) = (LineOf(start.Start), (int)start.Start.Column);
        RefuseTag(start);
        if (_open.Count == Limits.Depth)
        {
            ReportDepth(line, column);
            return false;
        }

        var anchor = start.Anchor.IsEmpty ? null : start.Anchor.Value;
        if (anchor is not null) _anchors.Open(anchor);
        _open.Push(new Frame(_pending.Count, anchor, line, column));
        return true;
    }

    private bool Close(bool isMapping)
    {
        var frame = _open.Pop();
        var (weight, height) = (1, 0);
        for (var i = frame.Start; i < _pending.Count; i++)
        {
            weight = (int)Math.Min(int.MaxValue, (long)weight + _pending[i].Weight);
            height = Math.Max(height, _pending[i].Height);
        }

        var parts = CollectionsMarshal.AsSpan(_pending)[frame.Start..];
        Node node = isMapping
            ? new MappingNode(EntryReader.Read(parts, _problems), weight, height + 1, frame.Line, frame.Column)
            : new SequenceNode(parts.ToArray(), weight, height + 1, frame.Line, frame.Column);
        _pending.RemoveRange(frame.Start, _pending.Count - frame.Start);
        if (frame.Anchor is not null) _anchors.Close(frame.Anchor, node);
        Put(node);
        return true;
    }

    private bool TakeAlias(AnchorAlias alias)
    {
        var (line, column) = ((int)alias.Start.Line, (int)alias.Start.Column);
        var node = _anchors.Use(alias.Value.Value, line, column, _problems);
        if (node is null) return Abandon();
        if (_open.Count + node.Height > Limits.Depth)
        {
            ReportDepth(line, column);
            return false;
        }

        Put(node);
        return true;
    }

    private void Put(Node node)
    {
        if (_open.Count == 0) _root = node;
        else _pending.Add(node);
    }

    private void ReportDepth(int line, int column)
    {
        _problems.Add(line, column, $"cannot read lists and maps more than {Limits.Depth} levels deep", "a graph needs no more than six levels");
        Abandon();
    }

    private bool Abandon()
    {
        _root = null;
        return false;
    }

    private void RefuseTag(NodeEvent node)
    {
        if (node.Tag.IsEmpty) return;
        var tag = node.Tag.Value.Replace("tag:yaml.org,2002:", "!!", StringComparison.Ordinal);
        _problems.Add((int)node.Start.Line, (int)node.Start.Column, $"cannot use the tag {Wording.Cut(tag)}: what a value is follows from its key", "remove the tag; put quotes around what is to be text");
    }

    private readonly record struct Frame(int Start, string? Anchor, int Line, int Column);
}
