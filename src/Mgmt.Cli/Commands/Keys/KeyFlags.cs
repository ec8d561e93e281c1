using Google.Protobuf;
using Mgmt.Cli.Flags;
using Mgmt.Cli.Views;
using Mgmt.Store;

namespace Mgmt.Cli.Commands.Keys;

/// <summary>The flags that say which keys are meant.</summary>
internal sealed class KeyFlags(string summary)
{
    private readonly Flag<bool> _prefix = CommonFlags.Mark("--prefix", "all keys that begin with KEY");
    private readonly Flag<string> _end = CommonFlags.OfRequest<string>("--range-end", "END", "the keys from KEY up to END, without END itself", Parse.Text);
    private readonly Flag<bool> _from = CommonFlags.Mark("--from-key", "KEY and all keys behind it");
    private readonly Flag<bool> _hex = CommonFlags.Mark("--hex", "keys and values are hexadecimal digits");

    /// <summary>The key itself.</summary>
    public Operand Key { get; } = new("KEY", summary);

    /// <summary>The flags for ranges.</summary>
    public IReadOnlyList<Flag> Ranges => [_prefix, _end, _from];

    /// <summary>The flag for bytes.</summary>
    public Flag Hex => _hex;

    /// <summary>How keys and values are written and shown.</summary>
    public BytesMode ReadMode(Given given) => new(given.Get(_hex, false));

    /// <summary>One key.</summary>
    public ByteString ReadKey(Given given)
    {
        if (!given.TryGet(Key, ReadMode(given).Reading, out var key)) return ByteString.Empty;
        if (key.Length == 0) given.Refuse("cannot use KEY \"\": a key has at least one byte");
        return ByteString.CopyFrom(key);
    }

    /// <summary>The keys that are meant; no key at all before a range is the first there can be.</summary>
    public KeyPlan ReadRange(Given given)
    {
        var mode = ReadMode(given);
        var isKnown = given.TryGet(Key, mode.Reading, out var bytes);
        var (prefix, from, end) = (given.Get(_prefix, false), given.Get(_from, false), given.Get(_end, ""));
        if ((prefix ? 1 : 0) + (from ? 1 : 0) + (end.Length > 0 ? 1 : 0) > 1) given.Refuse($"cannot use {_prefix.Name}, {_from.Name} and {_end.Name} together: each says which keys are meant");
        if (!isKnown) return new(KeyRange.All, "");
        if (bytes.Length == 0 && !prefix && !from) given.Refuse($"cannot use KEY \"\": a key has at least one byte; all keys are \"\" {_prefix.Name}");
        var key = Bytes.Own(bytes);
        var range = prefix ? KeyRange.Prefix(key) : from ? new KeyRange(key.IsEmpty ? KeyRange.All.Key : key, KeyRange.All.End) : end.Length > 0 ? new KeyRange(key, ReadEnd(given, mode, end)) : KeyRange.Single(key);
        if (range.IsEmpty) given.Refuse($"cannot use {_end.Name} \"{Engine.Plans.Views.PlainText.Of(end)}\": it does not come behind KEY");
        var words = prefix ? $"the keys below \"{Show(mode, bytes)}\"" : from ? $"the keys from \"{Show(mode, bytes)}\" on" : end.Length > 0 ? $"the keys from \"{Show(mode, bytes)}\" to \"{end}\"" : $"\"{Show(mode, bytes)}\"";
        return new(range, words);
    }

    /// <summary>A key as it is named in a sentence.</summary>
    public static string Show(BytesMode mode, ReadOnlySpan<byte> key) => mode.IsHex ? Convert.ToHexStringLower(key) : BytesText.Of(key);

    private Bytes ReadEnd(Given given, BytesMode mode, string end)
    {
        if (mode.Reading(end, out var bytes) is { } why) given.Refuse($"cannot use {_end.Name} \"{Engine.Plans.Views.PlainText.Of(end)}\": {why}");
        return Bytes.Own(bytes);
    }
}

/// <summary>Which keys are meant.</summary>
/// <param name="Range">The keys.</param>
/// <param name="Words">How a sentence names them.</param>
internal sealed record KeyPlan(KeyRange Range, string Words)
{
    public ByteString First => ByteString.CopyFrom(Range.Key.Span);

    public ByteString End => ByteString.CopyFrom(Range.End.Span);
}
