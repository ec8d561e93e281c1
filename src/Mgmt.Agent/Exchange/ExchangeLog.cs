using Mgmt.Engine.Running;

namespace Mgmt.Agent.Exchange;

/// <summary>What an operator is told of the exchange: an outage only when it lasts, and each thing once. Safe for any thread.</summary>
internal sealed class ExchangeLog : IDisposable
{
    // While a mesh is founded or a leader elected nobody answers, and that is nothing to tell of.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private readonly ReportGate _gate;
    private readonly ITimer _timer;
    private string _problem = "";
    private bool _isTold;

    /// <summary>Tells through the gate.</summary>
    public ExchangeLog(ReportGate gate, TimeProvider time)
    {
        _gate = gate;
        _timer = time.CreateTimer(_ => TellOutage(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Why the store does not answer now; "" when it does, or was not asked yet.</summary>
    public string Problem
    {
        get
        {
            lock (_lock) return _problem;
        }
    }

    /// <summary>A warning.</summary>
    public void Warn(string sentence) => _gate.Warn(sentence);

    /// <summary>The store did not answer, for this reason; or, with "", it does.</summary>
    public void Outage(string problem)
    {
        lock (_lock)
        {
            var wasOut = _problem.Length > 0;
            _problem = problem;
            if (problem.Length > 0 && !wasOut) _timer.Change(Patience, Timeout.InfiniteTimeSpan);
            if (problem.Length > 0 || !_isTold) return;
            _isTold = false;
        }

        _gate.Tell(new StoreReport("it answers again, and the exchange of resources goes on"));
    }

    /// <summary>The exports are in the store.</summary>
    public void Wrote(int count, long revision) =>
        _gate.Tell(new StoreReport(count == 0 ? $"took back all exports, at revision {revision}" : $"exported {count} resource{(count == 1 ? "" : "s")}, at revision {revision}"));

    /// <summary>The exports could not be written; it is tried again.</summary>
    public void WriteFailed(string problem) =>
        _gate.Warn($"cannot export to the store: {problem}; it is tried again, and this host's own resources are kept all the same");

    /// <summary>Hears of what should never happen to a loop, after which the exchange stands still and the rest goes on.</summary>
    public async Task WatchAsync(Task loop)
    {
        try
        {
            await loop;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            _gate.Tell(new FaultReport($"cannot go on with the exchange of resources; restart the agent\n{error}"));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void TellOutage()
    {
        string problem;
        lock (_lock)
        {
            if (_problem.Length == 0 || _isTold) return;
            (_isTold, problem) = (true, _problem);
        }

        _gate.Warn($"cannot exchange resources: {problem}; what was collected stays as it was last known, and this host's own resources are kept all the same");
    }
}
