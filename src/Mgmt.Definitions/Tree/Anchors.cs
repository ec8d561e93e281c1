namespace Mgmt.Definitions;

/// <summary>The anchors of one file and how much their uses stand for, which is bounded: a file of 1 KB could stand for more than any memory.</summary>
internal sealed class Anchors
{
    private readonly Dictionary<string, Node?> _nodes = new(StringComparer.Ordinal);
    private int _uses;

    /// <summary>Whether there was any anchor or alias.</summary>
    public bool AreUsed { get; private set; }

    private long _weight;

    /// <summary>An anchor stands before a list or map that is not yet read to its end.</summary>
    public void Open(string name) => Set(name, null);

    /// <summary>What the anchor names is now complete.</summary>
    public void Close(string name, Node node) => Set(name, node);

    /// <summary>What an alias stands for; null when it cannot be used, which is reported.</summary>
    public Node? Use(string name, int line, int column, Problems problems)
    {
        AreUsed = true;
        var alias = Wording.Cut("*" + name);
        if (!_nodes.TryGetValue(name, out var node))
            problems.Add(line, column, $"cannot use {alias}: no anchor &{Wording.Cut(name)} stands before it", Missing(name));
        else if (node is null)
            problems.Add(line, column, $"cannot use {alias} within what &{Wording.Cut(name)} names: it would have no end", "name a smaller part");
        else if (++_uses > Limits.Aliases)
            problems.Add(line, column, $"cannot use {alias}: a file may use anchors {Limits.Aliases} times", "write the values out");
        else if ((_weight += node.Weight) > Limits.AliasedNodes)
            problems.Add(line, column, $"cannot use {alias}: the uses of anchors in this file stand for more than {Limits.AliasedNodes} values", "write the values out");
        else
            return node;
        return null;
    }

    private void Set(string name, Node? node)
    {
        AreUsed = true;
        _nodes[name] = node;
    }

    private string Missing(string name) =>
        Nearest.Among(name, _nodes.Keys) is { } near ? $"did you mean *{near}?" : "put quotes around text that begins with *";
}
