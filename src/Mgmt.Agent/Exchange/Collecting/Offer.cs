using Mgmt.Engine;
using Mgmt.Engine.Kinds;

namespace Mgmt.Agent.Exchange;

/// <summary>A resource that some host exports, checked as one in a graph file is.</summary>
/// <param name="host">The exporter.</param>
/// <param name="since">The revision since which that host exports resources of this kind without a break; 0 is this host's own, which it need not learn from anybody.</param>
/// <param name="kind">Its kind.</param>
/// <param name="name">Its name there.</param>
/// <param name="values">Its fields.</param>
/// <param name="meta">What holds of its meta fields for those who collect it.</param>
internal sealed class Offer(string host, long since, Kind kind, string name, FieldValues values, Meta meta)
{
    private const int MostMemories = 4;

    // Most news concern one sheet of many: what the others come to need not be made again. The agent's loop alone asks.
    private readonly List<(string Pattern, bool IsFirst, Collected Made)> _made = [];

    /// <summary>The exporter.</summary>
    public string Host => host;

    /// <summary>The revision since which it exports resources of this kind.</summary>
    public long Since => since;

    /// <summary>Its kind.</summary>
    public Kind Kind => kind;

    /// <summary>Its name there.</summary>
    public string Name => name;

    /// <summary>Its fields.</summary>
    public FieldValues Values => values;

    /// <summary>What holds of its meta fields for those who collect it.</summary>
    public Meta Meta => meta;

    /// <summary>Its address there.</summary>
    public Address Address => new(kind.Name, name);

    /// <summary>One of this host's own exports.</summary>
    public static Offer Own(string host, ResourceSpec export) => new(host, 0, export.Kind, export.Address.Name, export.Values, export.Meta.Collected);

    /// <summary>What it becomes where an entry with a pattern collects it; the same object each time.</summary>
    /// <param name="pattern">The entry's pattern.</param>
    /// <param name="isFirst">Whether no entry before collects it as well.</param>
    public Collected As(string pattern, bool isFirst)
    {
        foreach (var (known, wasFirst, made) in _made)
        {
            if (known == pattern && wasFirst == isFirst) return made;
        }

        if (_made.Count == MostMemories) _made.Clear();
        var collected = Collected.Of(this, pattern, isFirst);
        _made.Add((pattern, isFirst, collected));
        return collected;
    }
}

/// <summary>What a peer exports of one kind.</summary>
/// <param name="Offers">What can be collected of it.</param>
/// <param name="Complaints">What is wrong with the rest, whole sentences.</param>
internal sealed record SheetOffers(IReadOnlyList<Offer> Offers, IReadOnlyList<string> Complaints)
{
    /// <summary>Checks what a sheet holds.</summary>
    public static SheetOffers Of(Sheet sheet, string host, Kind kind, long since)
    {
        var offers = new List<Offer>();
        var complaints = new List<string>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var resource in sheet.Resources)
        {
            var (offer, problem) = names.Add(resource.Name) ? Read(resource, host, kind, since) : (null, "there are two of that name");
            if (offer is not null) offers.Add(offer);
            else complaints.Add($"cannot collect {Words.Short(new Address(kind.Name, resource.Name))} of {host}: {Words.Short(problem, 300)}");
        }

        return new SheetOffers(offers, complaints);
    }

    private static (Offer? Offer, string Problem) Read(SheetResource resource, string host, Kind kind, long since)
    {
        if (resource.Name.Length is 0 or > ExchangeLimits.Name || resource.Name.Contains('\0', StringComparison.Ordinal))
            return (null, $"its name is empty, longer than {ExchangeLimits.Name} characters, or holds the character NUL");
        if (FieldJson.Read(kind.Fields, resource.Fields, out var problem) is not { } values) return (null, problem);
        if (FieldJson.Read(Meta.Fields, resource.Meta, out problem) is not { } meta) return (null, problem);
        var wrong = kind.Check(resource.Name, values).FirstOrDefault() ?? kind.CheckExport(resource.Name, values).FirstOrDefault();
        return wrong is null ? (new Offer(host, since, kind, resource.Name, values, new Meta(meta).Collected), "") : (null, wrong.Message);
    }
}
