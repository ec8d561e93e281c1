using System.Text.Json;
using Mgmt.Agent;
using Mgmt.Engine;
using Mgmt.Engine.Kinds;
using Mgmt.Engine.Running;
using Mgmt.Linux.Inotify;

namespace Mgmt.Cli.Logs;

internal sealed partial class JsonLog
{
    /// <summary>What writes the fields of a report's event; null for one without an event.</summary>
    private static Action<Utf8JsonWriter>? FieldsOf(Report report) => report switch
    {
        StartedReport started => json => json.WriteString("version", started.Version),
        SwapReport swap => json => WriteSwap(json, swap),
        WatchLostReport lost => json => WriteWatchLost(json, lost),
        RefusedReport refused => json => WriteRefused(json, refused),
        WatchReport watch => json => WriteWatches(json, watch),
        StoreReport store => json => WriteMessage(json, store.Message, store.Peer),
        WarningReport warning => json => WriteMessage(json, warning.Message, warning.Peer),
        FatalReport fatal => json => json.WriteString("message", fatal.Message),
        StoppingReport stopping => json => WriteStopping(json, stopping),
        StatusReport status => json => WriteStatus(json, status),
        FaultReport fault => json => json.WriteString("error", fault.Error),
        _ => null,
    };

    private static void WriteMessage(Utf8JsonWriter json, string message, string peer)
    {
        json.WriteString("message", message);
        if (peer.Length > 0) json.WriteString("peer", peer);
    }

    private static void WriteCheck(Utf8JsonWriter json, CheckReport check)
    {
        WriteResource(json, check.Address);
        if (check.Result.Outcome == Outcome.Failed)
        {
            json.WriteString("error", check.Result.Wrong);
            json.WriteString("output", check.Result.Output);
            if (check.RetryIn is { } retryIn) WriteSeconds(json, "retry", retryIn);
            else json.WriteNull("retry");
        }
        else
        {
            json.WriteString("wrong", check.Result.Wrong);
            json.WriteString("done", check.Result.Done);
        }

        WriteSeconds(json, "seconds", check.Took);
    }

    private static void WriteSummary(Utf8JsonWriter json, RunSummary summary)
    {
        json.WriteNumber("checked", summary.Checked);
        json.WriteNumber("changed", summary.Changed);
        json.WriteNumber("failed", summary.Failed);
        json.WriteNumber("blocked", summary.Blocked);
        if (summary.Waiting > 0) json.WriteNumber("waiting", summary.Waiting);
        WriteSeconds(json, "seconds", summary.Elapsed);
    }

    private static void WriteSwap(Utf8JsonWriter json, SwapReport swap)
    {
        json.WriteString("graph", swap.Graph);
        json.WriteNumber("added", swap.Added);
        json.WriteNumber("changed", swap.Changed);
        json.WriteNumber("removed", swap.Removed);
        json.WriteNumber("kept", swap.Kept);
    }

    private static void WriteWatchLost(Utf8JsonWriter json, WatchLostReport lost)
    {
        WriteResource(json, lost.Address);
        json.WriteString("error", lost.Error);
        WriteSeconds(json, "retry", lost.RetryIn);
    }

    private static void WriteWatches(Utf8JsonWriter json, WatchReport watch)
    {
        json.WriteStartArray("groups");
        foreach (var group in watch.Groups)
        {
            json.WriteStartObject();
            json.WriteString("by", WatchGroup.Words(group.By));
            json.WriteNumber("paths", group.Paths);
            json.WriteNumber("directories", group.Folders);
            json.WriteString("filesystem", group.FileSystem);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteRefused(Utf8JsonWriter json, RefusedReport refused)
    {
        json.WriteNumber("count", refused.Count);
        json.WriteString("text", refused.Text);
        json.WriteBoolean("keeps", refused.KeepsOld);
    }

    private static void WriteStopping(Utf8JsonWriter json, StoppingReport stopping)
    {
        json.WriteString("reason", stopping.Reason);
        json.WriteNumber("running", stopping.Running);
    }

    private static void WriteStatus(Utf8JsonWriter json, StatusReport report)
    {
        json.WriteString("graph", report.Status.Graph);
        json.WriteBoolean("converged", report.Status.Converged);
        json.WriteStartObject("queues");
        json.WriteNumber("runner", report.Status.QueueLength);
        foreach (var (name, length) in report.Queues) json.WriteNumber(name, length);
        json.WriteEndObject();
        json.WriteStartArray("vertices");
        foreach (var vertex in report.Status.Vertices) WriteVertex(json, vertex);
        json.WriteEndArray();
    }

    private static void WriteVertex(Utf8JsonWriter json, VertexStatus vertex)
    {
        json.WriteStartObject();
        json.WriteString("address", vertex.Address.ToString());
        json.WriteString("state", StatusView.Words(vertex.State).Replace(' ', '-'));
        WriteSeconds(json, "seconds", vertex.For);
        WriteTexts(json, "on", vertex.On);
        json.WriteString("error", vertex.LastError);
        json.WriteString("watch", vertex.WatchError);
        json.WriteEndObject();
    }

    private static void WriteResource(Utf8JsonWriter json, Address address)
    {
        json.WriteString("address", address.ToString());
        json.WriteString("kind", address.Kind);
        json.WriteString("name", address.Name);
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    // A decimal, so that 0.3 ms is 0.0003 and not 0.00029999999999999997.
    private static void WriteSeconds(Utf8JsonWriter json, string name, TimeSpan time) => json.WriteNumber(name, time.Ticks / (decimal)TimeSpan.TicksPerSecond);
}
