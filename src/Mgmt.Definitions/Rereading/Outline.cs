namespace Mgmt.Definitions;

/// <summary>One list item with the comments and blank lines after it.</summary>
/// <param name="Start">Where its first line begins in the text.</param>
/// <param name="End">Where the line after it begins.</param>
/// <param name="Line">The number of its first line, from 1.</param>
/// <param name="EndLine">The number of the line after it.</param>
internal readonly record struct Chunk(int Start, int End, int Line, int EndLine);

/// <summary>A list whose items are chunks.</summary>
/// <param name="TopKey">The key at the margin that it belongs to.</param>
/// <param name="Kind">The kind as written, under <c>resources</c>; else empty.</param>
/// <param name="Indent">How many blanks stand before each of its dashes.</param>
/// <param name="KeyLine">The line of its key.</param>
/// <param name="First">The first of its chunks.</param>
/// <param name="Count">How many chunks it has; at least one.</param>
internal readonly record struct Section(string TopKey, string Kind, int Indent, int KeyLine, int First, int Count)
{
    /// <summary>The chunk after its last.</summary>
    public int End => First + Count;

    /// <summary>Whether the same text means the same in both.</summary>
    public bool IsLike(in Section other) => TopKey == other.TopKey && Kind == other.Kind && Indent == other.Indent;
}

/// <summary>
/// Where the lists of a graph file have their items, as far as the look of its lines tells. That is a guess until it was held against the tree.
/// </summary>
internal sealed class Outline(Section[] sections, Chunk[] chunks)
{
    /// <summary>The lists in the order written.</summary>
    public Section[] Sections => sections;

    /// <summary>The items of all lists in the order written.</summary>
    public Chunk[] Chunks => chunks;

    /// <summary>Whether the items of each list in the tree are its chunks, apart from those that were left out of the tree's text.</summary>
    public bool Fits(Node? root, bool[]? leftOut)
    {
        if (root is not MappingNode map) return false;
        foreach (var section in sections)
        {
            if (ListOf(section, map) is not { } list || !Fits(section, list.Items, leftOut)) return false;
        }

        return true;
    }

    private static SequenceNode? ListOf(in Section section, MappingNode root)
    {
        if (section.Kind.Length == 0) return ValueAt(section.KeyLine, section.TopKey, root) as SequenceNode;
        return root.Find(section.TopKey) is MappingNode kinds ? ValueAt(section.KeyLine, section.Kind, kinds) as SequenceNode : null;
    }

    private static Node? ValueAt(int line, string name, MappingNode map)
    {
        foreach (var (key, value) in map.Entries)
        {
            if (key.Line == line && key.Value == name) return value;
        }

        return null;
    }

    private bool Fits(in Section section, Node[] items, bool[]? leftOut)
    {
        var next = 0;
        for (var i = section.First; i < section.End; i++)
        {
            if (leftOut is not null && leftOut[i]) continue;
            if (next == items.Length || items[next].Line != chunks[i].Line) return false;
            next++;
        }

        return next == items.Length;
    }
}
