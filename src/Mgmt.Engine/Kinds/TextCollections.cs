using System.Collections;

namespace Mgmt.Engine.Kinds;

/// <summary>An immutable list of strings that compares by its items.</summary>
public sealed class TextList(IEnumerable<string> items) : IReadOnlyList<string>, IEquatable<TextList>
{
    private readonly string[] _items = [.. items];

    /// <summary>The list without items.</summary>
    public static TextList Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _items.Length;

    /// <inheritdoc/>
    public string this[int index] => _items[index];

    /// <inheritdoc/>
    public bool Equals(TextList? other) => other is not null && _items.AsSpan().SequenceEqual(other._items);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TextList);

    /// <inheritdoc/>
    public override int GetHashCode() => _items.Length == 0 ? 0 : HashCode.Combine(_items.Length, _items[0], _items[^1]);

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _items.GetEnumerator();
}

/// <summary>An immutable map from string to string, in the order written, that compares by its entries.</summary>
public sealed class TextMap(IEnumerable<KeyValuePair<string, string>> entries) : IReadOnlyList<KeyValuePair<string, string>>, IEquatable<TextMap>
{
    private readonly KeyValuePair<string, string>[] _entries = [.. entries];

    /// <summary>The map without entries.</summary>
    public static TextMap Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _entries.Length;

    /// <inheritdoc/>
    public KeyValuePair<string, string> this[int index] => _entries[index];

    /// <inheritdoc/>
    public bool Equals(TextMap? other) => other is not null && _entries.AsSpan().SequenceEqual(other._entries);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TextMap);

    /// <inheritdoc/>
    public override int GetHashCode() => _entries.Length == 0 ? 0 : HashCode.Combine(_entries.Length, _entries[0].Key, _entries[^1].Value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, string>>)_entries).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _entries.GetEnumerator();
}
