using System.Globalization;
using Mgmt.Engine;

namespace Mgmt.Agent.Exchange;

/// <summary>All that a host exports, ready for the store.</summary>
/// <param name="Sheets">The bytes of each kind's sheet, by the kind's name.</param>
/// <param name="Count">How many resources there are in them.</param>
internal sealed record ExportSet(IReadOnlyDictionary<string, byte[]> Sheets, int Count)
{
    /// <summary>Nothing is exported.</summary>
    public static ExportSet Empty { get; } = new(new Dictionary<string, byte[]>(), 0);

    /// <summary>Makes the sheets of a definition's exports.</summary>
    /// <param name="exports">The resources.</param>
    /// <param name="problem">Why they cannot be exported, a sentence that begins with "cannot"; or nothing.</param>
    public static ExportSet? Of(IReadOnlyList<ResourceSpec> exports, out string problem)
    {
        var kinds = exports.GroupBy(static one => one.Kind.Name, StringComparer.Ordinal).ToList();
        problem = CheckNames(exports)
            ?? CheckCount(exports.Count, ExchangeLimits.Resources, "resources")
            ?? CheckCount(kinds.Count, ExchangeLimits.Kinds, "kinds of resources") ?? "";
        if (problem.Length > 0) return null;
        var sheets = kinds.ToDictionary(static kind => kind.Key, static kind => SheetCodec.Write(SheetOf(kind)), StringComparer.Ordinal);
        problem = CheckCount(sheets.Sum(static one => one.Value.Length), ExchangeLimits.Bytes, "bytes of resources") ?? "";
        return problem.Length > 0 ? null : new ExportSet(sheets, exports.Count);
    }

    private static Sheet SheetOf(IEnumerable<ResourceSpec> exports) => new()
    {
        Version = Sheet.Current,
        Resources = [.. exports.OrderBy(static one => one.Address.Name, StringComparer.Ordinal).Select(static one => new SheetResource
        {
            Name = one.Address.Name,
            Fields = FieldJson.Write(one.Values) ?? [],
            Meta = FieldJson.Write(one.Meta.Values),
        })],
    };

    private static string? CheckCount(int count, int most, string what) => count <= most
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"cannot export {count} {what}: {most} are the most of one host; export fewer");

    private static string? CheckNames(IReadOnlyList<ResourceSpec> exports) => exports.FirstOrDefault(static one => one.Address.Name.Length > ExchangeLimits.Name) is { } longest
        ? $"cannot export {Words.Short(longest.Address)}: its name has {longest.Address.Name.Length} characters, and {ExchangeLimits.Name} are the most; use a shorter one"
        : null;
}
