using Mgmt.Engine;
using Mgmt.Engine.Kinds;

namespace Mgmt.Agent.Exchange;

/// <summary>A resource that some host exports, checked as one in a graph file is.</summary>
/// <param name="Host">The exporter.</param>
/// <param name="Since">The revision since which that host exports resources of this kind without a break; 0 is this host's own, which it need not learn from anybody.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Values">Its fields.</param>
/// <param name="Meta">What holds of its meta fields for those who collect it.</param>
internal sealed record Offer(string Host, long Since, Kind Kind, string Name, FieldValues Values, Meta Meta)
{
    /// <summary>Its address there.</summary>
    public Address Address => new(Kind.Name, Name);

    /// <summary>One of this host's own exports.</summary>
    public static Offer Own(string host, ResourceSpec export) => new(host, 0, export.Kind, export.Address.Name, export.Values, export.Meta.Collected);
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
