using Mgmt.Engine;

namespace Mgmt.Agent.Exchange;

/// <summary>Something of a host that only one resource can have.</summary>
/// <param name="Kind">The kind's name.</param>
/// <param name="Key">A file's path, a service's unit, else the resource's name.</param>
internal readonly record struct Thing(string Kind, string Key)
{
    /// <summary>What a resource has for itself.</summary>
    public static Thing Of(ResourceSpec spec) => new(spec.Kind.Name, spec.Kind.Claim(spec) ?? spec.Address.Name);
}

/// <summary>An offer as the resource that it becomes here.</summary>
/// <param name="Offer">What was exported.</param>
/// <param name="Spec">The resource of this host.</param>
/// <param name="Thing">What it has for itself.</param>
internal sealed record Collected(Offer Offer, ResourceSpec Spec, Thing Thing)
{
    /// <summary>Whether others would be the same thing.</summary>
    public bool IsContested { get; init; }

    /// <summary>Who has the thing.</summary>
    public string Holder => $"{Offer.Host}/{Offer.Name}";

    /// <summary>Makes the resource.</summary>
    /// <param name="offer">What was exported.</param>
    /// <param name="pattern">The pattern of the entry that collects it.</param>
    /// <param name="isFirst">Whether no entry before collects it as well.</param>
    public static Collected Of(Offer offer, string pattern, bool isFirst)
    {
        var name = offer.Kind.NameIsTheThing ? offer.Name : isFirst ? $"{offer.Name}@{offer.Host}" : $"{offer.Name}@{offer.Host} in {pattern}";
        var spec = new ResourceSpec(new Address(offer.Kind.Name, name), offer.Kind, offer.Kind.Collect(offer.Name, offer.Values, pattern), offer.Meta, default(Place) with { File = "" });
        return new Collected(offer, spec, Thing.Of(spec));
    }
}

/// <summary>What a host's own graph has, of the kinds that it collects.</summary>
internal sealed class OwnThings
{
    private readonly Dictionary<Address, ResourceSpec> _byAddress = [];
    private readonly Dictionary<Thing, ResourceSpec> _byThing = [];

    public OwnThings(Definition definition)
    {
        var kinds = definition.Collects.Select(static one => one.Kind).ToHashSet(StringComparer.Ordinal);
        if (kinds.Count == 0) return;
        foreach (var own in definition.Resources)
        {
            if (!kinds.Contains(own.Kind.Name)) continue;
            _byAddress.Add(own.Address, own);
            _byThing.TryAdd(Thing.Of(own), own);
        }
    }

    /// <summary>The host's own resource that something collected would undo, or null.</summary>
    public ResourceSpec? Find(Collected one) => _byThing.GetValueOrDefault(one.Thing) ?? _byAddress.GetValueOrDefault(one.Spec.Address);
}
