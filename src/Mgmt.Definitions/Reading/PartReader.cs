namespace Mgmt.Definitions;

/// <summary>What reading each part of a file has in common: shapes, names, and keys that should not be there.</summary>
internal sealed class PartReader(Problems problems)
{
    private readonly ValueReader _values = new(problems);

    /// <summary>Where mistakes go.</summary>
    public Problems Problems => problems;

    /// <summary>Reads the values of fields.</summary>
    public ValueReader Values => _values;

    /// <summary>A list's items; none when nothing is written, or when it is no list, which is reported.</summary>
    public Node[] Items(Node node, in Owner what)
    {
        if (node is SequenceNode list) return list.Items;
        if (node is not ScalarNode { IsNull: true })
            problems.Add(node, $"cannot use {Describe.Value(node)} for {what}: a list is wanted", "begin each item with \"- \", or write [] for none");
        return [];
    }

    /// <summary>A map; null when it is none, which is reported.</summary>
    public MappingNode? Map(Node node, in Owner what, string advice)
    {
        if (node is MappingNode map) return map;
        if (problems.Wants(node.Line, node.Column)) problems.Add(node, $"cannot use {Describe.Value(node)} as {what}: a map is wanted", advice);
        else problems.Omit();
        return null;
    }

    /// <summary>A name: text that is not empty. Null when there is none, which is reported.</summary>
    public string? Name(MappingNode map, string key, in Owner owner)
    {
        var node = map.Find(key);
        if (node is null or ScalarNode { IsNull: true })
        {
            var at = node ?? map;
            if (!problems.Wants(at.Line, at.Column)) problems.Omit();
            else problems.Add(at, $"cannot use {owner} without a {key}", node is null ? $"add {key}: and a text" : $"write a text after {key}:");
            return null;
        }

        if (_values.Text(node, key, owner) is not { } text) return null;
        if (text.Length == 0) problems.Add(node, $"cannot use {key} \"\" of {owner}: it is empty", $"write at least one character");
        else if (text.Contains('\0', StringComparison.Ordinal)) problems.Add(node, $"cannot use {key} {Wording.Quote(text)} of {owner}: it holds the character NUL", "remove it");
        else return text;
        return null;
    }

    /// <summary>Reports a key that does not belong where it is.</summary>
    public void ReportUnknownKey(ScalarNode key, in Owner owner, IReadOnlyList<string> allowed)
    {
        if (!problems.Wants(key.Line, key.Column)) problems.Omit();
        else problems.Add(key, $"cannot use the key {Wording.Quote(key.Value)} for {owner}: there is no such key", Nearest.Advice(key.Value, allowed, $"use {Wording.AnyOf(allowed)}"));
    }

    /// <summary>Reports all keys but the allowed ones.</summary>
    public void ReportUnknownKeys(MappingNode map, in Owner owner, IReadOnlyList<string> allowed)
    {
        foreach (var entry in map.Entries)
        {
            if (!allowed.Contains(entry.Key.Value)) ReportUnknownKey(entry.Key, owner, allowed);
        }
    }
}
