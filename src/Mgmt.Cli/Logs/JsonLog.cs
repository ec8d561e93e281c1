using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mgmt.Engine.Running;

namespace Mgmt.Cli.Logs;

/// <summary>
/// The log for programs: one object a line. Each has <c>time</c> (UTC), <c>host</c> and <c>event</c>; those of a resource have <c>address</c>, <c>kind</c> and
/// <c>name</c> too. Times that something took or takes are in seconds. Events, with what else they carry; names are not changed once released, and fields only added:
/// <list type="table">
/// <item><term>started</term><description>version</description></item>
/// <item><term>swapped</term><description>graph, added, changed, removed, kept</description></item>
/// <item><term>changed</term><description>(resource) wrong, done, seconds</description></item>
/// <item><term>would-change</term><description>(resource) wrong, done, seconds</description></item>
/// <item><term>failed</term><description>(resource) error, output, retry (null when it is not tried again), seconds</description></item>
/// <item><term>waiting</term><description>(resource) wrong (what it needs), done (what a person can do), seconds</description></item>
/// <item><term>watch-lost</term><description>(resource) error, retry</description></item>
/// <item><term>blocked</term><description>(resource) by (addresses)</description></item>
/// <item><term>converged</term><description>checked, changed, failed, blocked, seconds; waiting when there are some</description></item>
/// <item><term>watching</term><description>groups (by: inotify, fanotify or looking; paths; directories; filesystem)</description></item>
/// <item><term>refused</term><description>count, text, keeps (whether an older graph goes on)</description></item>
/// <item><term>store</term><description>message, peer (another host that it is about, if it is)</description></item>
/// <item><term>warning</term><description>message, peer (likewise)</description></item>
/// <item><term>fatal</term><description>message</description></item>
/// <item><term>stopping</term><description>reason, running</description></item>
/// <item><term>status</term><description>graph, converged, queues (lengths by name), vertices (address, state, seconds, on, error, watch)</description></item>
/// <item><term>fault</term><description>error</description></item>
/// <item><term>dropped</term><description>count</description></item>
/// </list>
/// </summary>
internal sealed partial class JsonLog(string host) : ILogView
{
    // For terminals and files, never a web page: other scripts and quotes stay readable, control characters are escaped all the same.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ConvergenceMemory _memory = new();

    public void Write(DateTimeOffset time, Report report, IBufferWriter<byte> output)
    {
        _memory.See(report);
        switch (report)
        {
            case CheckReport check:
                Write(time, EventNames.Of(check)!, output, json => WriteCheck(json, check));
                break;
            case ConvergedReport converged:
                WriteConverged(time, converged, output);
                break;
            default:
                if (FieldsOf(report) is { } fields) Write(time, EventNames.Of(report)!, output, fields);
                break;
        }
    }

    public void WriteDropped(DateTimeOffset time, long count, IBufferWriter<byte> output) =>
        Write(time, "dropped", output, json => json.WriteNumber("count", count));

    private void Write(DateTimeOffset time, string name, IBufferWriter<byte> output, Action<Utf8JsonWriter> fields)
    {
        using (var json = new Utf8JsonWriter(output, Options))
        {
            json.WriteStartObject();
            json.WriteString("time", time.UtcDateTime);
            json.WriteString("host", host);
            json.WriteString("event", name);
            fields(json);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    private void WriteConverged(DateTimeOffset time, ConvergedReport report, IBufferWriter<byte> output)
    {
        var (blocked, isNews) = _memory.News(report);
        foreach (var one in blocked)
        {
            Write(time, "blocked", output, json =>
            {
                WriteResource(json, one.Address);
                WriteTexts(json, "by", one.By.Select(address => address.ToString()));
            });
        }

        if (isNews) Write(time, "converged", output, json => WriteSummary(json, report.Summary));
    }
}
