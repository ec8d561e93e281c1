namespace Mgmt.Linux.Processes;

/// <summary>Reads the process table for all who want it: one reading serves everyone who asked before it began.</summary>
internal sealed class ProcessScanner
{
    private readonly Lock _gate = new();
    private Task<List<ProcessEntry>> _running = Task.FromResult<List<ProcessEntry>>([]);
    private Task<List<ProcessEntry>>? _next;

    /// <summary>The processes at some moment after the call.</summary>
    internal Task<List<ProcessEntry>> ScanAsync()
    {
        lock (_gate) return _next ??= ScanAfterAsync(_running);
    }

    private async Task<List<ProcessEntry>> ScanAfterAsync(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        lock (_gate)
        {
            _running = _next!;
            _next = null;
        }

        return ProcessTable.Read();
    }
}
