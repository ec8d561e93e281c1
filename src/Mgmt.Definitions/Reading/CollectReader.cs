using Mgmt.Engine;
using Mgmt.Engine.Kinds;

namespace Mgmt.Definitions;

/// <summary>Reads one entry of what is collected from peers.</summary>
internal sealed class CollectReader(KindCatalog kinds, PartReader part, FileContent content)
{
    private const string Exec = "exec";
    private static readonly string[] Keys = ["kind", "pattern", "from", "accept"];
    private static readonly Owner Entry = new("an entry of collect", null, IsResource: false);
    private static readonly TextList Anybody = new([CollectSpec.Anybody]);
    private static readonly Field<TextList> AcceptField = new("accept", FieldType.List, "What peers may do.", TextList.Empty) { Rule = CheckAccept };
    private static readonly Field<TextList> FromField = new("from", FieldType.List, "Whom to take from.", Anybody) { Rule = CheckFrom };

    /// <summary>Reads an entry and keeps it when it is right. <c>from</c> may be left out: any host.</summary>
    public void Read(Node node)
    {
        if (part.Map(node, Entry, "write {kind: file, pattern: /tmp/, from: \"*\"}") is not { } map) return;
        var before = part.Problems.Count;
        part.ReportUnknownKeys(map, Entry, Keys);
        var kindName = part.Name(map, "kind", Entry);
        var pattern = map.Find("pattern") is { } written ? part.Values.Text(written, "pattern", Entry) : "";
        var from = ReadFrom(map);
        var accept = map.Find("accept") is { } list ? (TextList?)part.Values.Read(AcceptField, list, "", Entry) : TextList.Empty;
        if (kindName is null) return;
        if (!kinds.TryFind(kindName, out var kind))
        {
            kinds.ReportUnknown((ScalarNode)map.Find("kind")!, part.Problems);
            return;
        }

        if (part.Problems.Count == before) CheckPattern(kind, pattern!, map);
        if (accept is { Count: 0 } && kind.RunsForExporter) ReportUnaccepted(kind, map);
        if (part.Problems.Count == before) content.Collects.Add(new CollectSpec(kind.Name, pattern!, from!, accept!.Count > 0, part.Problems.PlaceOf(map)));
    }

    private static string? CheckAccept(TextList accept) => accept.FirstOrDefault(static one => one != Exec) is { } other ? $"\"{other}\" is not {Exec}, which is all that can be accepted" : null;

    private static string? CheckFrom(TextList from) => from.Count == 0 ? "it names nobody" : from.Any(static one => one.Length == 0) ? "one of its names is empty" : null;

    private TextList? ReadFrom(MappingNode map) => map.Find("from") switch
    {
        null => Anybody,
        SequenceNode list => (TextList?)part.Values.Read(FromField, list, "", Entry),
        _ => part.Name(map, "from", Entry) is { } one ? new TextList([one]) : null,
    };

    private void CheckPattern(Kind kind, string pattern, MappingNode map)
    {
        if (kind.CheckPattern(pattern) is not { } wrong) return;
        var at = map.Find("pattern");
        part.Problems.Add(at ?? map, at is null ? $"cannot collect {kind.Name} without a pattern: {wrong}" : $"cannot use pattern {Wording.Quote(pattern)} of {Entry}: {wrong}");
    }

    private void ReportUnaccepted(Kind kind, MappingNode map) => part.Problems.Add(
        map.Find("kind")!,
        $"cannot collect {kind.Name} without accept: [{Exec}]: whoever exports one would run or change programs of this host, as this agent's user",
        $"write accept: [{Exec}], and in from the hosts that may do so");
}
