using Google.Protobuf;
using Mgmt.Cli.Flags;
using Mgmt.Cli.Mistakes;
using Mgmt.Engine.Plans.Views;
using Mgmt.Mesh.Wire;
using Mgmt.Store;

namespace Mgmt.Cli.Commands.Keys;

/// <summary>Reads one thing that a transaction does: <c>put</c>, <c>get</c> or <c>del</c> with operands and flags.</summary>
internal static class TxnOperation
{
    // etcdctl's name for --prev is taken too: its scripts are.
    private static readonly Dictionary<string, string[]> FlagsOf = new(StringComparer.Ordinal)
    {
        ["put"] = ["--lease", "--prev", "--prev-kv", "--ignore-value", "--ignore-lease"],
        ["get"] = ["--prefix", "--from-key", "--rev", "--limit", "--keys-only", "--count-only"],
        ["del"] = ["--prefix", "--from-key", "--prev", "--prev-kv"],
    };

    private static readonly string[] WithValue = ["--lease", "--rev", "--limit"];

    /// <summary>Null, or what is wrong as the end of a sentence.</summary>
    public static string? Read(string line, BytesMode mode, out RequestOp operation)
    {
        operation = new();
        var words = new TxnWords(line);
        words.TryNext(new(false), out _, out _);
        var name = words.LastText;
        if (!FlagsOf.TryGetValue(name, out var known)) return $"\"{PlainText.Of(name)}\" is none of put, get, del";
        var (operands, flags) = (new List<byte[]>(), new Dictionary<string, string>(StringComparer.Ordinal));
        while (!words.IsAtEnd)
        {
            // A flag's own text is never hexadecimal digits.
            var isFlag = line[^words.Left..].StartsWith("--", StringComparison.Ordinal);
            if (!words.TryNext(isFlag ? new(false) : mode, out var bytes, out var why)) return why;
            if (!isFlag) operands.Add(bytes);
            else if (TakeFlag(words, known, name, flags) is { } mistake) return mistake;
        }

        if (operands.Count == 0) return "the key is missing";
        return name == "put" ? ReadPut(operands, flags, operation) : ReadRange(name, operands, flags, operation);
    }

    private static string? TakeFlag(TxnWords words, string[] known, string operation, Dictionary<string, string> flags)
    {
        var parts = words.LastText.Split('=', 2);
        var name = parts[0];
        if (!known.Contains(name)) return $"{operation} has no flag {PlainText.Of(name)}{UsageMistakes.Meant(name, known)}";
        var takesValue = WithValue.Contains(name);
        if (!takesValue && parts.Length > 1 && parts[1] is not "true") return $"{name} takes no value";
        if (takesValue && parts.Length == 1 && !words.TryNext(new(false), out _, out _)) return $"{name} needs a value";
        if (!flags.TryAdd(name == "--prev-kv" ? "--prev" : name, takesValue && parts.Length == 1 ? words.LastText : parts.ElementAtOrDefault(1) ?? "")) return $"{name} is there twice";
        return null;
    }

    private static string? ReadPut(List<byte[]> operands, Dictionary<string, string> flags, RequestOp operation)
    {
        var put = new PutRequest { Key = ByteString.CopyFrom(operands[0]), PrevKv = flags.ContainsKey("--prev"), IgnoreValue = flags.ContainsKey("--ignore-value"), IgnoreLease = flags.ContainsKey("--ignore-lease") };
        operation.RequestPut = put;
        if (operands.Count != (put.IgnoreValue ? 1 : 2)) return put.IgnoreValue ? "with --ignore-value a key alone is written" : "put takes a key and a value";
        if (operands.Count > 1) put.Value = ByteString.CopyFrom(operands[1]);
        if (!flags.TryGetValue("--lease", out var lease)) return null;
        if (BytesFlags.Lease(lease, out var id) is { } why) return $"--lease \"{PlainText.Of(lease)}\": {why}";
        put.Lease = id;
        return null;
    }

    private static string? ReadRange(string name, List<byte[]> operands, Dictionary<string, string> flags, RequestOp operation)
    {
        var (isPrefix, isOpen) = (flags.ContainsKey("--prefix"), flags.ContainsKey("--from-key"));
        if (operands.Count > 2) return $"{name} takes a key, and an end of the range";
        if ((isPrefix ? 1 : 0) + (isOpen ? 1 : 0) + operands.Count - 1 > 1) return "--prefix, --from-key and an end exclude each other";
        if (operands[0].Length == 0 && !isPrefix && !isOpen) return "a key has at least one byte";
        var key = Bytes.Own(operands[0]);
        var range = isPrefix ? KeyRange.Prefix(key) : isOpen ? new KeyRange(key.IsEmpty ? KeyRange.All.Key : key, KeyRange.All.End) : operands.Count == 2 ? new KeyRange(key, Bytes.Own(operands[1])) : KeyRange.Single(key);
        var (first, end) = (ByteString.CopyFrom(range.Key.Span), ByteString.CopyFrom(range.End.Span));
        if (name == "del")
        {
            operation.RequestDeleteRange = new() { Key = first, RangeEnd = end, PrevKv = flags.ContainsKey("--prev") };
            return null;
        }

        var (revision, limit) = (0L, 0);
        if (flags.TryGetValue("--rev", out var at) && BytesFlags.Revision(at, out revision) is { } wrong) return $"--rev \"{PlainText.Of(at)}\": {wrong}";
        if (flags.TryGetValue("--limit", out var most) && Parse.Count(most, out limit) is { } why) return $"--limit \"{PlainText.Of(most)}\": {why}";
        operation.RequestRange = new() { Key = first, RangeEnd = end, Revision = revision, Limit = limit, KeysOnly = flags.ContainsKey("--keys-only"), CountOnly = flags.ContainsKey("--count-only") };
        return null;
    }
}
