using Mgmt.Store;

namespace Mgmt.Cli.Commands.Keys;

/// <summary>One line of a list of keys.</summary>
/// <param name="Key">A key, or what many keys begin with, up to a "/".</param>
/// <param name="IsMany">Whether it stands for all keys below it.</param>
internal readonly record struct KeyLevel(Bytes Key, bool IsMany);

/// <summary>Takes keys in order, and folds those that are the same up to the next "/" behind the prefix into one.</summary>
internal sealed class KeyLevels(Bytes prefix, bool isRecursive)
{
    private KeyLevel _last;

    /// <summary>The first key that nothing is known of after what was taken; empty where there can be none.</summary>
    public Bytes Next => _last.IsMany ? KeyRange.Prefix(_last.Key).End : Bytes.Copy([.. _last.Key.Span, 0]);

    /// <summary>What to show for the next key, or null when it is folded into the one before.</summary>
    public KeyLevel? Take(Bytes key)
    {
        if (_last.IsMany && key.Span.StartsWith(_last.Key.Span)) return null;
        var level = LevelOf(key);
        _last = level;
        return level;
    }

    private KeyLevel LevelOf(Bytes key)
    {
        // Slashes right behind the prefix are the level's own: the list of /app is that of /app/.
        var at = prefix.Length;
        while (at < key.Length && key.Span[at] == (byte)'/') at++;
        var slash = isRecursive ? -1 : key.Span[at..].IndexOf((byte)'/');
        return slash < 0 ? new(key, false) : new(Bytes.Copy(key.Span[..(at + slash + 1)]), true);
    }
}
