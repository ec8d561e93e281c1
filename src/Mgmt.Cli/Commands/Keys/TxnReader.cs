using System.Globalization;
using Google.Protobuf;
using Mgmt.Engine.Plans.Views;
using Mgmt.Mesh.Wire;
using CompareTarget = Mgmt.Mesh.Wire.Compare.Types.CompareTarget;

namespace Mgmt.Cli.Commands.Keys;

/// <summary>Reads a transaction in etcdctl's text format.</summary>
internal sealed class TxnReader(BytesMode mode)
{
    /// <summary>The request; where there are mistakes it is of no use.</summary>
    /// <param name="text">Three parts with an empty line between them.</param>
    /// <param name="mistakes">All that is wrong, each with its line.</param>
    public TxnRequest Read(string text, out IReadOnlyList<string> mistakes)
    {
        var request = new TxnRequest();
        var found = new List<string>();
        mistakes = found;
        var part = 0;
        var lines = text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0) part++;
            else if (part > 2) found.Add($"line {i + 1}: cannot use a fourth part: there are what to compare, then and else, with one empty line between them");
            else if (ReadLine(line, part, request) is { } why) found.Add($"line {i + 1}: cannot read \"{PlainText.Of(line.Length > 80 ? line[..80] + "…" : line)}\": {why}");
        }

        return request;
    }

    private string? ReadLine(string line, int part, TxnRequest request)
    {
        if (part == 0) return ReadCompare(line, request);
        var why = TxnOperation.Read(line, mode, out var operation);
        if (why is null) (part == 1 ? request.Success : request.Failure).Add(operation);
        return why;
    }

    private string? ReadCompare(string line, TxnRequest request)
    {
        var open = line.IndexOf('(', StringComparison.Ordinal);
        if (open < 0) return "a comparison is TARGET(\"KEY\") OP \"OPERAND\"; what to do stands behind an empty line";
        if (ReadTarget(line[..open].Trim()) is not { } target) return $"\"{PlainText.Of(line[..open])}\" is none of create, mod, version, lease, value";
        var words = new TxnWords(line[(open + 1)..], endsAt: ')');
        if (!words.TryNext(mode, out var key, out var why)) return why ?? "the key is missing";
        if (!words.TryTake(')')) return "\")\" is missing behind the key";
        if (words.TryResult() is not { } result) return "behind \")\" one of = != > < stands";
        if (!words.TryNext(mode, out var operand, out why)) return why ?? "what to compare with is missing";
        if (!words.IsAtEnd) return "there is more than one comparison on the line";
        var compare = new Compare { Key = ByteString.CopyFrom(key), Target = target, Result = result };
        request.Compare.Add(compare);
        return SetOperand(compare, operand, words.LastText);
    }

    private static CompareTarget? ReadTarget(string word) => word switch
    {
        "c" or "create" => CompareTarget.Create,
        "m" or "mod" => CompareTarget.Mod,
        "ver" or "version" => CompareTarget.Version,
        "val" or "value" => CompareTarget.Value,
        "lease" => CompareTarget.Lease,
        _ => null,
    };

    private static string? SetOperand(Compare compare, byte[] bytes, string text)
    {
        if (compare.Target == CompareTarget.Value)
        {
            compare.Value = ByteString.CopyFrom(bytes);
            return null;
        }

        var isLease = compare.Target == CompareTarget.Lease;
        if (!long.TryParse(text, isLease ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return $"\"{PlainText.Of(text)}\" is not a {(isLease ? "lease's id, in hexadecimal digits" : "whole number")}";
        if (isLease) compare.Lease = number;
        else if (compare.Target == CompareTarget.Create) compare.CreateRevision = number;
        else if (compare.Target == CompareTarget.Mod) compare.ModRevision = number;
        else compare.Version = number;
        return null;
    }
}
