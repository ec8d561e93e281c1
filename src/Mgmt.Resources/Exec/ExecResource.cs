using System.Diagnostics.CodeAnalysis;
using Mgmt.Engine.Kinds;
using Mgmt.Linux.Processes;

namespace Mgmt.Resources.Exec;

/// <summary>
/// One exec. With <c>ifcmd</c> or <c>creates</c> those decide on every check; without, it runs for each reason that is an occasion. A refresh
/// runs it in any case.
/// </summary>
internal sealed class ExecResource(ExecSettings settings, Spawner spawner, TimeProvider time) : IResource
{
    private const CheckReasons Occasions =
        CheckReasons.Definition | CheckReasons.Predecessor | CheckReasons.Refresh | CheckReasons.Poll | CheckReasons.Retry;

    /// <inheritdoc/>
    [SuppressMessage("Reliability", "CA2000", Justification = "Whoever opens the watch disposes it.")]
    public ValueTask<IAsyncDisposable?> WatchAsync(IWatchSink sink, CancellationToken cancel)
    {
        IAsyncDisposable? watch = settings.Watch is { } line ? ExecWatch.Open(line, settings.Surroundings, spawner, sink) : null;
        return new ValueTask<IAsyncDisposable?>(watch);
    }

    /// <inheritdoc/>
    public async ValueTask<CheckResult> CheckAsync(CheckRequest request, CancellationToken cancel)
    {
        var verdict = await FindOccasionAsync(request, cancel);
        if (verdict.Outcome != Outcome.WouldChange || !request.Apply) return verdict;
        var run = await RunAsync(settings.Command, cancel);
        return run.Problem.Length == 0
            ? CheckResult.Changed(verdict.Wrong, $"ran in {Duration(run.Took)}") with { Output = run.Output }
            : CheckResult.Failed($"cannot run {settings.Command}: {run.Problem}", run.Output);
    }

    private async ValueTask<CheckResult> FindOccasionAsync(CheckRequest request, CancellationToken cancel)
    {
        if (request.Has(CheckReasons.Refresh)) return Due("a predecessor asked for a refresh");
        if (!settings.IsGuarded) return Occasion(request) is { } occasion ? Due(occasion) : CheckResult.InOrder;
        if (settings.Creates.Length > 0 && Path.Exists(settings.Creates)) return CheckResult.InOrder;
        if (settings.If is null) return Due($"{settings.Creates} is missing");
        var check = await RunAsync(settings.If, cancel);
        return check.Status switch
        {
            { IsSuccess: true } => Due($"ifcmd {settings.If} exited with 0"),
            { Code: not null } => CheckResult.InOrder,
            _ => CheckResult.Failed($"cannot run ifcmd {settings.If}: {check.Problem}", check.Output),
        };
    }

    private string? Occasion(CheckRequest request)
    {
        if (settings.Watch is not null && request.Has(CheckReasons.Watch)) return "watchcmd printed a line";
        if (!request.Has(Occasions)) return null;
        if (request.Has(CheckReasons.Definition)) return "it has not run since it was defined";
        if (request.Has(CheckReasons.Predecessor)) return "a predecessor changed";
        return request.Has(CheckReasons.Retry) ? "its last run failed" : "its poll interval passed";
    }

    private CheckResult Due(string wrong) => CheckResult.WouldChange(wrong, $"would run {settings.Command}");

    private Task<CommandRun> RunAsync(CommandLine line, CancellationToken cancel) =>
        CommandRun.RunAsync(spawner, settings.Surroundings with { Arguments = line.Words }, settings.Timeout, time, cancel);

    private static string Duration(TimeSpan took) => took.TotalSeconds < 1 ? $"{took.TotalMilliseconds:0} ms" : $"{took.TotalSeconds:0.0} s";
}
