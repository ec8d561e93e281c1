using System.Buffers;
using System.Globalization;
using System.Text;
using Mgmt.Agent;
using Mgmt.Engine;
using Mgmt.Engine.Kinds;
using Mgmt.Engine.Plans.Views;
using Mgmt.Engine.Running;

namespace Mgmt.Cli.Logs;

/// <summary>The log for people: a line per event, with what belongs to it indented below.</summary>
internal sealed class TextLog(Palette palette, TimeZoneInfo zone) : ILogView
{
    private const string Indent = "    ";

    private readonly ConvergenceMemory _memory = new();
    private readonly StringBuilder _lines = new();

    public void Write(DateTimeOffset time, Report report, IBufferWriter<byte> output)
    {
        _memory.See(report);
        var clock = palette.Paint(Ink.Faint, TimeZoneInfo.ConvertTime(time, zone).ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture));
        foreach (var line in LinesOf(report))
        {
            _lines.Append(clock).Append(' ');
            if (line.Subject is { } subject) _lines.Append(PlainText.Of(subject.ToString())).Append(": ");
            _lines.Append(palette.Paint(line.Ink, PlainText.Of(line.Words))).Append('\n');
            foreach (var below in line.Below) _lines.Append(Indent).Append(PlainText.Of(below)).Append('\n');
        }

        Flush(output);
    }

    public void WriteDropped(DateTimeOffset time, long count, IBufferWriter<byte> output) =>
        Write(time, new WarningReport($"{Count(count, "line was", "lines were")} dropped: the output did not keep up"), output);

    private void Flush(IBufferWriter<byte> output)
    {
        foreach (var chunk in _lines.GetChunks()) Encoding.UTF8.GetBytes(chunk.Span, output);
        _lines.Clear();
    }

    private List<TextLine> LinesOf(Report report) => report switch
    {
        CheckReport check => [Check(check)],
        WatchLostReport lost => [new(Ink.Warning, $"watch lost: {lost.Error}; {Next(lost.RetryIn)}") { Subject = lost.Address }],
        SwapReport { Graph: "", Added: 0, Changed: 0, Removed: 0, Kept: 0 } => [], // there is no graph
        SwapReport swap => [new(Ink.Plain, $"graph {swap.Graph}: {swap.Added} new, {swap.Changed} changed, {swap.Removed} removed, {swap.Kept} kept")],
        ConvergedReport converged => Converged(converged),
        StartedReport started => [new(Ink.Plain, $"mgmt {started.Version} started on {started.Hostname}")],
        RefusedReport refused => [new(Ink.Bad, $"refused the graph: {Count(refused.Count, "mistake", "mistakes")}{(refused.KeepsOld ? "; the one before it goes on" : "")}") { Below = Split(refused.Text) }],
        StoreReport store => [new(Ink.Plain, $"store: {store.Message}")],
        WarningReport warning => [new(Ink.Warning, $"warning: {warning.Message}")],
        FatalReport fatal => [new(Ink.Bad, fatal.Message)],
        StoppingReport stopping => [new(Ink.Plain, $"stopping: {stopping.Reason}{(stopping.Running > 0 ? $"; {Count(stopping.Running, "check is", "checks are")} running" : "")}")],
        FaultReport fault => [Fault(fault)],
        StatusReport status => [new(Ink.Plain, StatusView.Heading(status)) { Below = StatusView.Table(status.Status) }],
        _ => [],
    };

    private static TextLine Check(CheckReport check)
    {
        var result = check.Result;
        if (result.Outcome == Outcome.InOrder) return new TextLine(Ink.Plain, "in order") { Subject = check.Address };
        if (result.Outcome != Outcome.Failed)
        {
            var words = string.Join("; ", new[] { result.Wrong, result.Done }.Where(part => part.Length > 0));
            return new TextLine(result.Outcome == Outcome.Changed ? Ink.Change : Ink.Warning, words) { Subject = check.Address };
        }

        var next = check.RetryIn is { } retryIn ? $"; {Next(retryIn)}" : "";
        return new TextLine(Ink.Bad, $"failed: {result.Wrong}{next}") { Subject = check.Address, Below = Split(result.Output) };
    }

    private List<TextLine> Converged(ConvergedReport report)
    {
        var (blocked, isNews) = _memory.News(report);
        var lines = blocked.Select(one => new TextLine(Ink.Warning, $"blocked by {string.Join(", ", one.By)}") { Subject = one.Address }).ToList();
        var sum = report.Summary;
        var words = $"converged: {sum.Checked} checked, {sum.Changed} changed, {sum.Failed} failed, {sum.Blocked} blocked{(sum.Waiting > 0 ? $", {sum.Waiting} waiting" : "")} in {Durations.Say(sum.Elapsed)}";
        if (isNews) lines.Add(new TextLine(sum.Failed + sum.Blocked > 0 ? Ink.Bad : sum.Waiting > 0 ? Ink.Warning : Ink.Good, words));
        return lines;
    }

    private static TextLine Fault(FaultReport fault)
    {
        var lines = Split(fault.Error);
        return new TextLine(Ink.Bad, $"fault of mgmt: {(lines.Length > 0 ? lines[0] : "")}") { Below = [.. lines.Skip(1)] };
    }

    private static string Next(TimeSpan retryIn) => retryIn <= TimeSpan.Zero ? "next try at once" : $"next try in {Durations.Say(retryIn)}";

    private static string Count(long count, string one, string several) => $"{count} {(count == 1 ? one : several)}";

    private static string[] Split(string text) => text.Length == 0 ? [] : text.TrimEnd('\n').Split('\n');

    private sealed record TextLine(Ink Ink, string Words)
    {
        public Address? Subject { get; init; }

        public IReadOnlyList<string> Below { get; init; } = [];
    }
}
