using Mgmt.Engine.Kinds;

namespace Mgmt.Engine;

/// <summary>A checked graph, as its author wrote it: no mistake is left in it, and nothing was added to it.</summary>
/// <param name="Graph">The graph's name.</param>
/// <param name="Resources">Resources to keep on this host, in the order written. Addresses are unique.</param>
/// <param name="Exports">Resources to hand to peers: those whose name was written with <c>@@</c>, which their address does not carry.</param>
/// <param name="Edges">Edges between <paramref name="Resources"/>: both ends exist, and they close no cycle.</param>
/// <param name="Collects">What to take from peers.</param>
public sealed record Definition(
    string Graph,
    IReadOnlyList<ResourceSpec> Resources,
    IReadOnlyList<ResourceSpec> Exports,
    IReadOnlyList<EdgeSpec> Edges,
    IReadOnlyList<CollectSpec> Collects)
{
    /// <summary>Nothing at all.</summary>
    public static Definition Empty { get; } = new("", [], [], [], []);
}

/// <summary>One resource as written. Two are equal when the runner need not tell them apart: where they were written does not count.</summary>
public sealed record ResourceSpec(Address Address, Kind Kind, FieldValues Values, Meta Meta, Place Place)
{
    /// <inheritdoc/>
    public bool Equals(ResourceSpec? other) =>
        ReferenceEquals(this, other) || (other is not null && Address == other.Address && Values.Equals(other.Values) && Meta.Equals(other.Meta));

    /// <inheritdoc/>
    public override int GetHashCode() => Address.GetHashCode();
}

/// <summary>One edge as written: <paramref name="To"/> runs after <paramref name="From"/> is in order.</summary>
public sealed record EdgeSpec(string Name, Address From, Address To, bool Notify, Place Place);

/// <summary>What to take from peers.</summary>
/// <param name="Kind">The kind to collect.</param>
/// <param name="Pattern">Of files: the directory that they are put into.</param>
/// <param name="From">The hosts to take from; <see cref="Anybody"/> among them is any.</param>
/// <param name="MayRun">Whether what is collected may have things run here: <see cref="Kind.RunsForExporter"/>.</param>
/// <param name="Place">Where it was written.</param>
public sealed record CollectSpec(string Kind, string Pattern, TextList From, bool MayRun, Place Place)
{
    /// <summary>Stands for any host.</summary>
    public const string Anybody = "*";

    /// <summary>Whether it takes from a host.</summary>
    public bool TakesFrom(string host) => From.Contains(Anybody) || From.Contains(host);
}
