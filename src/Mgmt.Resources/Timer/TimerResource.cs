using System.Diagnostics.CodeAnalysis;
using Mgmt.Engine.Kinds;

namespace Mgmt.Resources.Timer;

/// <summary>One timer. Each firing is told by one check; a refresh starts the interval anew, and is no firing.</summary>
internal sealed class TimerResource(TimeSpan interval, TimeProvider time) : IResource
{
    private readonly Intervals _intervals = new(interval, time);

    /// <inheritdoc/>
    public bool IsQuick => true;

    /// <inheritdoc/>
    [SuppressMessage("Reliability", "CA2000", Justification = "Whoever opens the watch disposes it.")]
    public ValueTask<IAsyncDisposable?> WatchAsync(IWatchSink sink, CancellationToken cancel)
    {
        _intervals.Restart();
        return new ValueTask<IAsyncDisposable?>(new TimerWatch(_intervals, time, sink));
    }

    /// <inheritdoc/>
    public ValueTask<CheckResult> CheckAsync(CheckRequest request, CancellationToken cancel)
    {
        if (request.Has(CheckReasons.Refresh)) _intervals.Restart();
        if (!_intervals.TakeFiring()) return ValueTask.FromResult(CheckResult.InOrder);
        return ValueTask.FromResult(
            request.Apply ? CheckResult.Changed("the interval passed", "fired") : CheckResult.WouldChange("the interval passed", "would fire"));
    }
}
