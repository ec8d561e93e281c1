using System.Globalization;
using System.Text;
using Mgmt.Cli.Commands.Mesh;
using Mgmt.Cli.Logs;
using Mgmt.Engine;
using Mgmt.Engine.Plans.Views;
using Mgmt.Engine.Running;
using Mgmt.Mesh.Place;
using Mgmt.Mesh.Wire;

namespace Mgmt.Cli.Commands.Status;

/// <summary>A host and its mesh as text.</summary>
/// <param name="zone">In which times are told.</param>
internal sealed class HostText(TimeZoneInfo zone)
{
    private const int MostExporters = 50;

    /// <summary>Whole lines.</summary>
    public string Of(HostFacts facts)
    {
        var text = new StringBuilder();
        if (facts.Self is { } self) AppendGraph(text, self);
        else text.Append("graph: the agent does not tell: ").Append(PlainText.Of(facts.Failure?.Reason ?? "")).Append('\n');
        if (facts.Mesh is { } mesh) AppendMesh(text, mesh);
        else if (facts.Self is not { Alone: true }) text.Append("mesh: it does not answer: ").Append(PlainText.Of(facts.Failure?.Reason ?? "")).Append('\n');
        return text.ToString();
    }

    /// <summary>A state as the log has it.</summary>
    public static VertexState StateOf(ResourceState state) => (VertexState)((int)state - 1);

    private void AppendGraph(StringBuilder text, DescribeResponse self)
    {
        var since = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(self.SinceUnixMilliseconds), zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        var name = self.Graph.Length > 0 ? $"graph {PlainText.Of(self.Graph)} " : "";
        text.Append(CultureInfo.InvariantCulture, $"{PlainText.Of(self.Host)}: {name}{(self.Converged ? "converged" : "not converged")} since {since}; ");
        text.Append(CultureInfo.InvariantCulture, $"{self.States.Sum(static one => one.Count)} resources{(self.States.Count > 0 ? ": " : "")}");
        text.AppendJoin(", ", self.States.Select(static one => $"{one.Count} {StatusView.Words(StateOf(one.State))}")).Append('\n');
        foreach (var line in StatusView.Table(new RunnerStatus(self.Graph, self.Converged, 0, [.. self.Resources.Where(static one => !IsWell(one)).Select(Of)]))) text.Append("    ").Append(PlainText.Of(line)).Append('\n');
        if (self.Collection is { } collection) text.Append(CultureInfo.InvariantCulture, $"collected: {Of(collection)}\n");
    }

    private static string Of(Collection collection)
    {
        var count = $"{collection.Resources} resource{(collection.Resources == 1 ? "" : "s")}";
        if (collection.Fresh) return $"{count}, as the mesh has them now";
        var why = collection.Problem.Length > 0 ? $": {PlainText.Of(collection.Problem)}" : "";
        return collection.Heard ? $"{count} as they were last known; the mesh does not answer{why}" : $"{count} as remembered from an earlier run; the mesh has not answered yet{why}";
    }

    private static bool IsWell(ResourceStatus one) => one.State == ResourceState.InOrder && one.WatchError.Length == 0;

    private static VertexStatus Of(ResourceStatus one) =>
        new(new Address(one.Kind, one.Name), StateOf(one.State), TimeSpan.FromSeconds(one.Seconds), [.. one.On], one.LastError, one.WatchError);

    private static void AppendMesh(StringBuilder text, MeshFacts mesh)
    {
        var hosts = MeshHost.AllOf(mesh);
        var isMesh = mesh.Cards.Count > 0 || mesh.Members.Count > 1;
        var leader = mesh.Leader == 0 ? "no leader" : $"led by {PlainText.Of(mesh.NameOf(mesh.Leader))}";
        text.Append(CultureInfo.InvariantCulture, $"{NameOf(mesh, isMesh)}: {leader}, term {mesh.Term}, revision {mesh.Revision}");
        if (isMesh) text.Append("; ").Append(Counts(mesh));
        text.Append('\n');
        if (mesh.Stale.Length > 0) text.Append(CultureInfo.InvariantCulture, $"no quorum ({PlainText.Of(mesh.Stale)}): what follows is what this host knew last\n");
        if (isMesh) text.Append(MeshView.Table(hosts));
        if (Zones(mesh) is { Length: > 0 } zones) text.Append(CultureInfo.InvariantCulture, $"zones: {zones}\n");
        AppendExports(text, mesh);
    }

    // As the log names it.
    private static string NameOf(MeshFacts mesh, bool isMesh) =>
        mesh.Cluster == 0 ? "no mesh yet" : $"{(isMesh ? "mesh" : "store of its own,")} {StoreIdentity.Hex(mesh.Cluster)}";

    private static string Counts(MeshFacts mesh)
    {
        var voters = mesh.Voters.Count();
        var size = mesh.OddSize == mesh.Size ? $"{mesh.Size}" : $"{mesh.Size}, so {mesh.OddSize}";
        var converged = mesh.Cards.Keys.Count(one => mesh.Notes.GetValueOrDefault(one) is { Converged: true });
        var target = voters == mesh.Target ? "" : $", to become {mesh.Target}";
        return $"{voters} voter{(voters == 1 ? "" : "s")}{target} (ideal size {size}); {mesh.Cards.Count} agents, {converged} converged";
    }

    private static string Zones(MeshFacts mesh) => mesh.Cards.Values.All(static one => one.Zone.Length == 0) ? "" : string.Join(", ", mesh.Cards.Values
        .GroupBy(static one => one.Zone, StringComparer.Ordinal).OrderBy(static one => one.Key, StringComparer.Ordinal)
        .Select(zone => $"{(zone.Key.Length == 0 ? "none" : PlainText.Of(zone.Key))} ({zone.Count(one => mesh.Votes(one.MemberId))} of {zone.Count()} vote)"));

    private static void AppendExports(StringBuilder text, MeshFacts mesh)
    {
        if (mesh.Exports.Count == 0) return;
        var shown = mesh.Exports.OrderBy(static one => one.Key, StringComparer.Ordinal).Take(MostExporters).Select(static one => $"{PlainText.Of(one.Key)} ({string.Join(", ", one.Value.Order(StringComparer.Ordinal).Select(PlainText.Of))})");
        text.Append("exports: ").AppendJoin(", ", shown).Append(mesh.Exports.Count > MostExporters ? $" and {mesh.Exports.Count - MostExporters} more hosts\n" : "\n");
    }
}
