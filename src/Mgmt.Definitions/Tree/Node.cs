namespace Mgmt.Definitions;

/// <summary>One value of a file, as written. Nodes under an anchor are shared by its uses, so what walks them must not change them.</summary>
/// <param name="line">From 1.</param>
/// <param name="column">From 1.</param>
internal abstract class Node(int line, int column)
{
    /// <summary>The line, from 1.</summary>
    public int Line { get; } = line;

    /// <summary>The column, from 1.</summary>
    public int Column { get; } = column;

    /// <summary>How many nodes it stands for, itself included, its aliases spelt out.</summary>
    public virtual int Weight => 1;

    /// <summary>How many levels it has, itself included.</summary>
    public virtual int Height => 1;
}

/// <summary>A text, or what stands without quotes and may be something else.</summary>
internal sealed class ScalarNode(string value, bool isPlain, int line, int column) : Node(line, column)
{
    /// <summary>The text, its quotes and escapes resolved.</summary>
    public string Value { get; } = value;

    /// <summary>Whether it stands without quotes, so that it may be a number, a boolean or nothing.</summary>
    public bool IsPlain { get; } = isPlain;

    /// <summary>Whether nothing was written.</summary>
    public bool IsNull => IsPlain && PlainScalar.Classify(Value) == PlainType.Null;
}

/// <summary>A list.</summary>
internal sealed class SequenceNode(Node[] items, int weight, int height, int line, int column) : Node(line, column)
{
    /// <summary>Its items.</summary>
    public Node[] Items { get; } = items;

    /// <inheritdoc/>
    public override int Weight => weight;

    /// <inheritdoc/>
    public override int Height => height;
}

/// <summary>A map. Its keys are texts, and each is there once: the reader saw to that.</summary>
internal sealed class MappingNode(Entry[] entries, int weight, int height, int line, int column) : Node(line, column)
{
    /// <summary>Its entries in the order written.</summary>
    public Entry[] Entries { get; } = entries;

    /// <inheritdoc/>
    public override int Weight => weight;

    /// <inheritdoc/>
    public override int Height => height;

    /// <summary>The value of a key, or null.</summary>
    public Node? Find(string key)
    {
        foreach (var entry in Entries)
        {
            if (entry.Key.Value == key) return entry.Value;
        }

        return null;
    }
}

/// <summary>A document.</summary>
/// <param name="Root">Its root; null when it could not be read.</param>
/// <param name="UsesAnchors">Whether parts of it may depend on others, far away.</param>
internal readonly record struct Tree(Node? Root, bool UsesAnchors);

/// <summary>One entry of a map.</summary>
internal readonly record struct Entry(ScalarNode Key, Node Value);
