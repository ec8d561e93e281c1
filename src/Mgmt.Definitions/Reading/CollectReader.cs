using Mgmt.Engine;

namespace Mgmt.Definitions;

/// <summary>Reads one entry of what is collected from peers.</summary>
internal sealed class CollectReader(KindCatalog kinds, PartReader part, FileContent content)
{
    private static readonly string[] Keys = ["kind", "pattern", "from"];
    private static readonly Owner Entry = new("an entry of collect", null, IsResource: false);

    /// <summary>Reads an entry and keeps it when it is right. <c>from</c> may be left out: any host.</summary>
    public void Read(Node node)
    {
        if (part.Map(node, Entry, "write {kind: file, pattern: /tmp/, from: \"*\"}") is not { } map) return;
        var before = part.Problems.Count;
        part.ReportUnknownKeys(map, Entry, Keys);
        var kindName = part.Name(map, "kind", Entry);
        var pattern = map.Find("pattern") is { } written ? part.Values.Text(written, "pattern", Entry) : "";
        var from = map.Find("from") is null ? "*" : part.Name(map, "from", Entry);
        if (kindName is null) return;
        if (!kinds.TryFind(kindName, out var kind)) kinds.ReportUnknown((ScalarNode)map.Find("kind")!, part.Problems);
        else if (part.Problems.Count == before) content.Collects.Add(new CollectSpec(kind.Name, pattern!, from!, part.Problems.PlaceOf(map)));
    }
}
