namespace Mgmt.Resources.Svc;

/// <summary>Something slow that serves all who asked for it before it began: those who ask while it runs share the next run.</summary>
internal sealed class SharedRun
{
    private readonly Lock _gate = new();
    private Task _running = Task.CompletedTask;
    private Task? _next;

    internal Task RunAsync(Func<Task> run)
    {
        lock (_gate)
        {
            if (_next is not null) return _next;
            if (_running.IsCompleted) return _running = run();
            return _next = RunAfterAsync(_running, run);
        }
    }

    private async Task RunAfterAsync(Task before, Func<Task> run)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        Task now;
        lock (_gate)
        {
            _running = now = run();
            _next = null;
        }

        await now;
    }
}
