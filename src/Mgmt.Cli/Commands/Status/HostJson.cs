using System.Text.Json;
using Mgmt.Cli.Commands.Mesh;
using Mgmt.Cli.Logs;
using Mgmt.Engine;
using Mgmt.Mesh.Wire;

namespace Mgmt.Cli.Commands.Status;

/// <summary>A host and its mesh as fields of JSON.</summary>
internal static class HostJson
{
    public static void Write(Utf8JsonWriter json, HostFacts facts)
    {
        if (facts.Self is { } self)
        {
            json.WriteString("host", self.Host);
            json.WriteString("version", self.Version);
            Write(json, self);
        }

        if (facts.Mesh is { } mesh)
        {
            json.WriteStartObject("mesh");
            MeshView.WriteHead(json, mesh);
            MeshView.Write(json, MeshHost.AllOf(mesh));
            WriteExports(json, mesh);
            json.WriteEndObject();
        }

        if (facts.Failure is { } failure) json.WriteString("failure", failure.Reason);
    }

    private static void Write(Utf8JsonWriter json, DescribeResponse self)
    {
        json.WriteStartObject("graph");
        json.WriteString("name", self.Graph);
        json.WriteBoolean("converged", self.Converged);
        json.WriteString("since", DateTimeOffset.FromUnixTimeMilliseconds(self.SinceUnixMilliseconds).UtcDateTime);
        json.WriteStartObject("states");
        foreach (var one in self.States) json.WriteNumber(Words(one.State), one.Count);
        json.WriteEndObject();
        json.WriteStartArray("resources");
        foreach (var one in self.Resources) Write(json, one);
        json.WriteEndArray();
        json.WriteEndObject();
        if (self.Collection is not { } collection) return;
        json.WriteStartObject("collected");
        json.WriteNumber("resources", collection.Resources);
        json.WriteBoolean("fresh", collection.Fresh);
        json.WriteBoolean("heard", collection.Heard);
        json.WriteString("problem", collection.Problem);
        json.WriteEndObject();
    }

    private static string Words(ResourceState state) => StatusView.Words(HostText.StateOf(state)).Replace(' ', '-');

    private static void Write(Utf8JsonWriter json, ResourceStatus one)
    {
        json.WriteStartObject();
        json.WriteString("address", new Address(one.Kind, one.Name).ToString());
        json.WriteString("state", Words(one.State));
        json.WriteNumber("seconds", Math.Round(one.Seconds, 3));
        WriteTexts(json, "on", one.On);
        json.WriteString("error", one.LastError);
        json.WriteString("watch", one.WatchError);
        json.WriteEndObject();
    }

    private static void WriteExports(Utf8JsonWriter json, MeshFacts mesh)
    {
        json.WriteStartObject("exports");
        foreach (var (host, kinds) in mesh.Exports.OrderBy(static one => one.Key, StringComparer.Ordinal)) WriteTexts(json, host, kinds);
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
