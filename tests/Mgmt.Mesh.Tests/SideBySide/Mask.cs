using System.Text.RegularExpressions;

namespace Mgmt.Mesh.Tests.SideBySide;

/// <summary>Covers what two clusters cannot have in common: ids, terms, indexes, hashes, sizes, addresses and times.</summary>
internal static partial class Mask
{
    public static string Cover(string text)
    {
        text = Addresses().Replace(text, "ADDRESS");
        text = Pointers().Replace(text, "POINTER");
        text = JsonNumbers().Replace(text, "\"$1\":N");
        text = FieldNumbers().Replace(text, "\"$1\" : N");
        text = HexIds().Replace(text, "ID");
        text = LongNumbers().Replace(text, "ID");
        text = Times().Replace(text, "took TIME");
        text = Durations().Replace(text, "TIME");
        text = Sizes().Replace(text, "SIZE");

        // An id that begins with a zero is shorter, and makes its column narrower; what heads it is centered.
        return Padding().Replace(Borders().Replace(text, "+---"), "|");
    }

    [GeneratedRegex(@"(127\.0\.0\.1|localhost):\d+")]
    private static partial Regex Addresses();

    [GeneratedRegex("\"(cluster_id|member_id|raft_term|clusterId|memberId|raftTerm|hash|dbSize|dbSizeInUse|leader|raftIndex|raftAppliedIndex|ID)\": ?\"?\\d+\"?")]
    private static partial Regex JsonNumbers();

    [GeneratedRegex("\"(ClusterID|MemberID|RaftTerm|Hash|DBSize|DBSizeInUse|Leader|RaftIndex|RaftAppliedIndex|ID|Leader ID)\" ?: ?\\d+")]
    private static partial Regex FieldNumbers();

    [GeneratedRegex("0x[0-9a-f]+")]
    private static partial Regex Pointers();

    [GeneratedRegex(@"\b[0-9a-f]{12,16}\b")]
    private static partial Regex HexIds();

    [GeneratedRegex(@"\b\d{12,20}\b")]
    private static partial Regex LongNumbers();

    [GeneratedRegex("(took = |\"took\":\"|\"Took\" : \"?)[0-9.]+[a-zµ]+")]
    private static partial Regex Times();

    [GeneratedRegex(@"\b[0-9.]+(ms|µs|s)\b")]
    private static partial Regex Durations();

    [GeneratedRegex(@"\+-+(?=\+)")]
    private static partial Regex Borders();

    [GeneratedRegex(@" *\| *")]
    private static partial Regex Padding();

    [GeneratedRegex(@"\b[0-9.]+ ?[kM]?B\b")]
    private static partial Regex Sizes();
}
