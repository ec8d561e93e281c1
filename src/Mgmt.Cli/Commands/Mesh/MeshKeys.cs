using System.Globalization;
using Google.Protobuf;
using Mgmt.Agent.Exchange;
using Mgmt.Mesh.Founding;
using Mgmt.Mesh.Masters;
using Mgmt.Mesh.Wire;
using Mgmt.Store;

namespace Mgmt.Cli.Commands.Mesh;

/// <summary>The mesh's own keys, and requests about them.</summary>
internal static class MeshKeys
{
    private const string Masters = "mgmt/masters/";

    /// <summary>Reads them all at one revision.</summary>
    /// <param name="isSerializable">Whether what one member knows is enough.</param>
    public static TxnRequest ReadAll(bool isSerializable)
    {
        var request = new TxnRequest();
        foreach (var (prefix, keysOnly) in new[] { (MastersKeys.Agents, false), (Masters, false), (MastersKeys.Converged, false), (SheetKey.Root, true) })
            request.Success.Add(new RequestOp { RequestRange = new() { Key = Bytes(prefix), RangeEnd = End(prefix), KeysOnly = keysOnly, Serializable = isSerializable } });
        return request;
    }

    /// <summary>What was read.</summary>
    public static MeshFacts Of(TxnResponse answer)
    {
        var ranges = answer.Responses.Select(static one => one.ResponseRange).ToList();
        var masters = ranges[1].Kvs.ToDictionary(static one => one.Key.ToStringUtf8(), static one => one.Value, StringComparer.Ordinal);
        return new()
        {
            Revision = answer.Header.Revision,
            Cards = ByHost(ranges[0], MastersKeys.Agents, static one => AgentCard.Decode(one.Span), static (host, card) => card.Host == host),
            Size = masters.TryGetValue(MastersKeys.Size, out var size) ? MastersKeys.SizeOf(size.Span, FoundingTalk.IdealSize) : FoundingTalk.IdealSize,
            Drained = masters.Keys.Select(static key => MastersKeys.MemberOf(MastersKeys.Drained, key)).Where(static one => one != 0).ToHashSet(),
            Wishes = masters.Select(static one => (Member: MastersKeys.MemberOf(MastersKeys.Wishes, one.Key), Wish: one.Value.ToStringUtf8()))
                .Where(static one => one.Member != 0 && one.Wish is MastersKeys.PromoteWish or MastersKeys.DemoteWish).ToDictionary(static one => one.Member, static one => one.Wish),
            Notes = ByHost(ranges[2], MastersKeys.Converged, static one => ConvergedNote.Decode(one.Span), static (_, _) => true),
            Exports = ranges[3].Kvs.Select(static one => SheetKey.TryParse(one.Key.ToStringUtf8(), out var sheet) ? sheet : default).Where(static one => one.Host is not null)
                .GroupBy(static one => one.Host, static one => one.Kind, StringComparer.Ordinal).ToDictionary(static one => one.Key, static one => (IReadOnlyList<string>)[.. one]),
        };
    }

    /// <summary>Writes and deletes at once.</summary>
    public static TxnRequest Change(IEnumerable<(string Key, string Value)> puts, IEnumerable<string> deletes)
    {
        var request = new TxnRequest();
        foreach (var (key, value) in puts) request.Success.Add(new RequestOp { RequestPut = new() { Key = Bytes(key), Value = Bytes(value) } });
        foreach (var key in deletes)
        {
            var isPrefix = key.EndsWith('/');
            request.Success.Add(new RequestOp { RequestDeleteRange = new() { Key = Bytes(key), RangeEnd = isPrefix ? End(key) : ByteString.Empty } });
        }

        return request;
    }

    /// <summary>A number as it is stored.</summary>
    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static Dictionary<string, T> ByHost<T>(RangeResponse range, string prefix, Func<ByteString, T?> decode, Func<string, T, bool> isSound)
        where T : class
    {
        var values = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var one in range.Kvs)
        {
            var host = one.Key.ToStringUtf8()[prefix.Length..];
            if (decode(one.Value) is { } value && isSound(host, value)) values[host] = value;
        }

        return values;
    }

    private static ByteString Bytes(string text) => ByteString.CopyFromUtf8(text);

    private static ByteString End(string prefix) => ByteString.CopyFrom(KeyRange.Prefix(Store.Bytes.Of(prefix)).End.Span);
}
