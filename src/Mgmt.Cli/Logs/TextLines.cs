using Mgmt.Agent;
using Mgmt.Cli.Views;
using Mgmt.Engine;
using Mgmt.Engine.Kinds;
using Mgmt.Engine.Running;

namespace Mgmt.Cli.Logs;

/// <summary>One line of the log for people.</summary>
/// <param name="Ink">What it is to the reader.</param>
/// <param name="Words">What happened.</param>
internal sealed record TextLine(Ink Ink, string Words)
{
    /// <summary>The resource that it is about; null when it is about none.</summary>
    public Address? Subject { get; init; }

    /// <summary>What belongs to it.</summary>
    public IReadOnlyList<string> Below { get; init; } = [];
}

/// <summary>What people are told of each report, wherever they read it. Reports come in order: what was said already is left out.</summary>
internal sealed class TextLines
{
    private readonly ConvergenceMemory _memory = new();

    /// <summary>The lines of a report; none for one that people need not see.</summary>
    public List<TextLine> Of(Report report)
    {
        _memory.See(report);
        return LinesOf(report);
    }

    /// <summary>A count in words.</summary>
    public static string Count(long count, string one, string several) => $"{count} {(count == 1 ? one : several)}";

    private List<TextLine> LinesOf(Report report) => report switch
    {
        CheckReport check => [Check(check)],
        WatchLostReport lost => [new(Ink.Warning, $"watch lost: {lost.Error}; {Next(lost.RetryIn)}") { Subject = lost.Address }],
        SwapReport { Graph: "", Added: 0, Changed: 0, Removed: 0, Kept: 0 } => [], // there is no graph
        SwapReport swap => [new(Ink.Plain, $"graph {swap.Graph}: {swap.Added} new, {swap.Changed} changed, {swap.Removed} removed, {swap.Kept} kept")],
        ConvergedReport converged => Converged(converged),
        StartedReport started => [new(Ink.Plain, $"mgmt {started.Version} started on {started.Hostname}")],
        RefusedReport refused => [new(Ink.Bad, $"refused the graph: {Count(refused.Count, "mistake", "mistakes")}{(refused.KeepsOld ? "; the one before it goes on" : "")}") { Below = Split(refused.Text) }],
        WatchReport { Groups.Count: > 0 } watch => [new(Ink.Plain, $"watching {WatchesView.Line(watch.Groups)}")],
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

    private static string[] Split(string text) => text.Length == 0 ? [] : text.TrimEnd('\n').Split('\n');
}
