using System.Globalization;
using System.Text.Json;
using Mgmt.Cli.Views;

namespace Mgmt.Cli.Commands.Mesh;

/// <summary>A mesh as text and as JSON.</summary>
internal static class MeshView
{
    private static readonly string[] Head = ["HOST", "ZONE", "ROLE", "CONVERGED", "LAG", "API", "VERSION", "MARKS"];

    /// <summary>A line for each host.</summary>
    public static string Table(IReadOnlyList<MeshHost> hosts) => TableText.Of(Head, hosts.Select(Row));

    /// <summary>The hosts as an array.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<MeshHost> hosts)
    {
        json.WriteStartArray("hosts");
        foreach (var host in hosts)
        {
            json.WriteStartObject();
            Write(json, host);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>What is said of the mesh as a whole.</summary>
    public static void WriteHead(Utf8JsonWriter json, MeshFacts facts)
    {
        json.WriteString("cluster", JsonView.Id(facts.Cluster));
        if (facts.Leader == 0) json.WriteNull("leader");
        else json.WriteString("leader", facts.NameOf(facts.Leader));
        json.WriteNumber("term", facts.Term);
        json.WriteNumber("revision", facts.Revision);
        json.WriteNumber("size", facts.Size);
        json.WriteNumber("target", facts.Target);
        json.WriteNumber("voters", facts.Voters.Count());
        json.WriteNumber("agents", facts.Cards.Count);
        json.WriteNumber("converged", facts.Cards.Keys.Count(one => facts.Notes.GetValueOrDefault(one) is { Converged: true }));
        if (facts.Stale.Length > 0) json.WriteString("stale", facts.Stale);
    }

    private static string[] Row(MeshHost host) =>
    [
        Or(host.Host),
        Or(host.Card?.Zone),
        host.Role,
        host.Note is null ? "-" : !host.Note.Converged ? "no" : host.Note.Failed == 0 ? "yes" : $"yes, {host.Note.Failed} failed",
        host.Lag?.ToString(CultureInfo.InvariantCulture) ?? "-",
        Or(host.Api),
        Or(host.Card?.Version),
        string.Join(',', host.Marks),
    ];

    private static string Or(string? text) => string.IsNullOrEmpty(text) ? "-" : text;

    private static void Write(Utf8JsonWriter json, MeshHost host)
    {
        json.WriteString("host", host.Host);
        json.WriteString("member", JsonView.Id(host.Member));
        json.WriteString("role", host.Role);
        json.WriteString("zone", host.Card?.Zone ?? "");
        json.WriteString("api", host.Api);
        json.WriteString("version", host.Card?.Version ?? "");
        json.WriteBoolean("runs", host.Card is not null);
        if (host.Card is { } card) json.WriteString("since", card.Since.UtcDateTime);
        if (host.Lag is { } lag) json.WriteNumber("lag", lag);
        else json.WriteNull("lag");
        if (host.Note is { } note)
        {
            json.WriteBoolean("converged", note.Converged);
            json.WriteString("converged_since", note.Since.UtcDateTime);
            json.WriteNumber("failed", note.Failed);
        }
        else
        {
            json.WriteNull("converged");
        }

        json.WriteStartArray("marks");
        foreach (var mark in host.Marks) json.WriteStringValue(mark);
        json.WriteEndArray();
    }
}
