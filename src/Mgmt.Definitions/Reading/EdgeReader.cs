using Mgmt.Engine;

namespace Mgmt.Definitions;

/// <summary>Reads one edge. Whether its ends are there is judged when all files are read.</summary>
internal sealed class EdgeReader(KindCatalog kinds, PartReader part, FileContent content)
{
    private static readonly string[] Keys = ["name", "from", "to", "notify"];
    private static readonly string[] EndKeys = ["kind", "name"];

    /// <summary>Reads an edge and keeps it when both of its ends are well written.</summary>
    public void Read(Node node)
    {
        if (part.Map(node, new Owner("an edge", null, IsResource: false), "write {name: e1, from: {kind: file, name: a}, to: {kind: exec, name: b}}") is not { } map) return;
        var before = part.Problems.Count;
        var name = part.Name(map, "name", new Owner("an edge", null, IsResource: false));
        var owner = name is null ? new Owner("an edge", null, IsResource: false) : new Owner("edge", name, IsResource: false);
        part.ReportUnknownKeys(map, owner, Keys);
        var from = ReadEnd(map, "from", owner);
        var to = ReadEnd(map, "to", owner);
        var notify = map.Find("notify") is { } written ? part.Values.Boolean(written, "notify", owner) : false;
        if (from is null || to is null || part.Problems.Count != before) return;
        var spec = new EdgeSpec(name!, from.Value.Address, to.Value.Address, notify == true, part.Problems.PlaceOf(map));
        content.Edges.Add(new Connection(spec, from.Value.Place, to.Value.Place));
    }

    private (Address Address, Place Place)? ReadEnd(MappingNode edge, string end, in Owner owner)
    {
        if (edge.Find(end) is not { } node)
        {
            part.Problems.Add(edge, $"cannot use {owner} without {end}", $"add {end}: {{kind: file, name: a}}");
            return null;
        }

        var whole = owner with { Part = end };
        if (part.Map(node, whole, "write {kind: file, name: a}") is not { } map) return null;
        part.ReportUnknownKeys(map, whole, EndKeys);
        var kindName = part.Name(map, "kind", whole);
        var name = part.Name(map, "name", whole);
        if (kindName is null) return null;
        if (!kinds.TryFind(kindName, out var kind))
        {
            kinds.ReportUnknown((ScalarNode)map.Find("kind")!, part.Problems);
            return null;
        }

        if (name is null) return null;
        var at = map.Find("name")!;
        if (!name.StartsWith("@@", StringComparison.Ordinal)) return (new Address(kind.Name, name), part.Problems.PlaceOf(at));
        part.Problems.Add(at, $"cannot end {owner} at {Wording.Quote(name)}: a resource with @@ is exported and does not run here", "name a resource of this host");
        return null;
    }
}
