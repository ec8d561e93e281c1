namespace Mgmt.Definitions;

/// <summary>Makes a map's entries of its keys and values, which follow each other, and reports keys that cannot be used.</summary>
internal static class EntryReader
{
    // Up to here comparing each key with those before it is quicker than a set.
    private const int FewEntries = 12;

    /// <summary>The entries with a usable key; of those with one key, the first.</summary>
    public static Entry[] Read(ReadOnlySpan<Node> parts, Problems problems)
    {
        var entries = new Entry[parts.Length / 2];
        var seen = entries.Length > FewEntries ? new Dictionary<string, ScalarNode>(entries.Length, StringComparer.Ordinal) : null;
        var count = 0;
        for (var i = 0; i + 1 < parts.Length; i += 2)
        {
            if (KeyOf(parts[i], problems) is not { } key) continue;
            if (First(key, entries.AsSpan(0, count), seen) is { } first)
                ReportSecond(key, first, problems);
            else
                entries[count++] = new Entry(key, parts[i + 1]);
        }

        return count == entries.Length ? entries : entries[..count];
    }

    private static ScalarNode? First(ScalarNode key, ReadOnlySpan<Entry> before, Dictionary<string, ScalarNode>? seen)
    {
        if (seen is not null) return seen.TryAdd(key.Value, key) ? null : seen[key.Value];
        foreach (var entry in before)
        {
            if (entry.Key.Value == key.Value) return entry.Key;
        }

        return null;
    }

    private static void ReportSecond(ScalarNode key, ScalarNode first, Problems problems)
    {
        if (!problems.Wants(key.Line, key.Column)) problems.Omit();
        else problems.Add(key, $"cannot write the key {Wording.Cut(key.Value)} twice in one map: it is also at line {first.Line}", "remove one of the two");
    }

    private static ScalarNode? KeyOf(Node node, Problems problems)
    {
        if (node is not ScalarNode key)
            problems.Add(node, $"cannot use {Describe.Shape(node)} as a key", "write a single word as the key");
        else if (key.IsPlain && key.Value == "<<")
            problems.Add(node, "cannot merge maps with <<", "write the entries out, or use an anchor for each value");
        else
            return key;
        return null;
    }
}
