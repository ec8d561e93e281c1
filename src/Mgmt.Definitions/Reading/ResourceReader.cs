using Mgmt.Engine;
using Mgmt.Engine.Kinds;

namespace Mgmt.Definitions;

/// <summary>Reads one resource by the fields of its kind.</summary>
internal sealed class ResourceReader(KindCatalog kinds, PartReader part, FileContent content)
{
    private static readonly string[] MetaKeys = [.. Meta.Fields.Select(field => field.Name)];

    // Used again for each resource: what is made of them is a copy.
    private readonly Dictionary<Field, object> _values = [];
    private readonly Dictionary<Field, object> _metaValues = [];

    /// <summary>Reads a resource and declares it, though it be broken, so that edges to it are not reported on top.</summary>
    public void Read(Kind kind, Node node)
    {
        if (part.Map(node, new Owner(kind.Name, null, IsResource: true), "begin it with name:") is not { } map) return;
        var before = part.Problems.Count;
        var name = part.Name(map, "name", new Owner(kind.Name, null, IsResource: true));
        var owner = new Owner(kind.Name, name, IsResource: true);
        _values.Clear();
        var meta = ReadEntries(kind, map, owner);
        if (name is null || Identify(kind, name, map, owner) is not { } identity) return;
        var place = part.Problems.PlaceOf(map.Find("name")!);
        ResourceSpec? spec = null;
        if (part.Problems.Count == before && meta is not null)
        {
            var values = new FieldValues(kind.Fields, _values);
            if (IsRight(kind, identity.Address, identity.IsExported, values, map)) spec = new ResourceSpec(identity.Address, kind, values, meta, place);
        }

        if (meta is not null && meta.Semaphores.Count > 0) NoteSemaphores(meta, identity.Address, map);
        content.Resources.Add(new Declaration(identity.Address, identity.IsExported, spec, spec is null ? null : kind.Claim(spec), place));
    }

    private (Address Address, bool IsExported)? Identify(Kind kind, string name, MappingNode map, in Owner owner)
    {
        if (!name.StartsWith("@@", StringComparison.Ordinal)) return (new Address(kind.Name, name), false);
        if (name.Length > 2) return (new Address(kind.Name, name[2..]), true);
        part.Problems.Add(map.Find("name")!, $"cannot use name \"@@\" of {owner}: nothing follows @@, which marks what is exported", "write the name after it");
        return null;
    }

    private Meta? ReadEntries(Kind kind, MappingNode map, in Owner owner)
    {
        Meta? meta = Meta.Default;
        foreach (var (key, value) in map.Entries)
        {
            if (key.Value == "name") continue;
            if (key.Value == "meta") meta = ReadMeta(value, owner);
            else if (!kind.Fields.TryFind(key.Value, out var field)) part.ReportUnknownKey(key, owner, kinds.KeysOf(kind));
            else if (part.Values.Read(field, value, "", owner) is { } read) _values.Add(field, read);
        }

        return meta;
    }

    private Meta? ReadMeta(Node node, in Owner owner)
    {
        if (node is ScalarNode { IsNull: true }) return Meta.Default;
        if (part.Map(node, owner with { Part = "meta" }, "write a map such as meta: {noop: true}") is not { } map) return null;
        var before = part.Problems.Count;
        _metaValues.Clear();
        foreach (var (key, value) in map.Entries)
        {
            if (!Meta.Fields.TryFind(key.Value, out var field)) part.ReportUnknownKey(key, owner with { Part = "meta" }, MetaKeys);
            else if (part.Values.Read(field, value, "meta.", owner) is { } read) _metaValues.Add(field, read);
        }

        return part.Problems.Count == before ? new Meta(new FieldValues(Meta.Fields, _metaValues)) : null;
    }

    // The kind's own checks of several fields together: only of values that each are right.
    private bool IsRight(Kind kind, Address address, bool isExported, FieldValues values, MappingNode map)
    {
        var right = true;
        var problems = kind.Check(address.Name, values).ToList();
        if (isExported && problems.Count == 0) problems.AddRange(kind.CheckExport(address.Name, values));
        foreach (var (field, message) in problems)
        {
            right = false;
            var at = (field is null ? null : map.Find(field.Name)) ?? map.Find("name")!;
            part.Problems.Add(at, $"{Wording.Cut(message, 300)} (in {new Owner(address.Kind, address.Name, IsResource: true)})");
        }

        return right;
    }

    private void NoteSemaphores(Meta meta, Address holder, MappingNode map)
    {
        var items = ((SequenceNode)((MappingNode)map.Find("meta")!).Find("sema")!).Items;
        for (var i = 0; i < items.Length; i++)
            content.Semaphores.Add(new SemaphoreUse(meta.Semaphores[i], holder, part.Problems.PlaceOf(items[i])));
    }
}
