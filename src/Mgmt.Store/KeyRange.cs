namespace Mgmt.Store;

/// <summary>
/// Which keys are meant, in etcd's way of saying it: no end is the one key, an end of one zero byte is every key from the first on, any other end is the
/// first key that is not meant any more.
/// </summary>
public readonly record struct KeyRange(Bytes Key, Bytes End)
{
    private static readonly Bytes ZeroByte = Bytes.Own([0]);

    /// <summary>Every key.</summary>
    public static KeyRange All { get; } = new(ZeroByte, ZeroByte);

    /// <summary>One key.</summary>
    public static KeyRange Single(Bytes key) => new(key, default);

    /// <summary>Whether one key is meant.</summary>
    public bool IsSingle => End.IsEmpty;

    /// <summary>Whether the range has no upper end.</summary>
    public bool IsOpen => End.Length == 1 && End.Span[0] == 0;

    /// <summary>Whether no key can be in it: its end does not come after its start.</summary>
    public bool IsEmpty => !IsSingle && !IsOpen && End <= Key;

    /// <summary>Whether the key is meant.</summary>
    public bool Contains(Bytes key) => IsSingle ? key == Key : key >= Key && (IsOpen || key < End);

    /// <summary>Every key that begins with the prefix.</summary>
    public static KeyRange Prefix(Bytes prefix)
    {
        var end = prefix.Span.ToArray();
        for (var i = end.Length - 1; i >= 0; i--)
        {
            if (end[i] == 0xff) continue;
            end[i]++;
            return new(prefix, Bytes.Copy(end.AsSpan(0, i + 1)));
        }

        return new(prefix.IsEmpty ? ZeroByte : prefix, ZeroByte);
    }
}
