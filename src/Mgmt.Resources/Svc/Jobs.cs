using Mgmt.Linux.Bus;

namespace Mgmt.Resources.Svc;

/// <summary>
/// Waits for systemd's jobs. The signal of a job's end may come before the answer that names the job, so ends are kept while an answer is due.
/// </summary>
internal sealed class Jobs
{
    internal const string Done = "done", Canceled = "canceled", TooLate = "too late";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, TaskCompletionSource<string>> _waiting = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _early = new(StringComparer.Ordinal);
    private int _beginning;

    /// <summary>Begins a job and waits for its end.</summary>
    /// <param name="begin">Answers with the job's path.</param>
    /// <param name="patience">How long the job may take.</param>
    /// <param name="time">Measures it.</param>
    /// <param name="cancel">Ends the wait, not the job.</param>
    /// <returns>The job's result.</returns>
    internal async Task<string> RunAsync(Func<Task<string>> begin, TimeSpan patience, TimeProvider time, CancellationToken cancel)
    {
        lock (_gate) _beginning++;
        var path = "";
        TaskCompletionSource<string> end;
        try
        {
            path = await begin();
        }
        finally
        {
            end = Begun(path);
        }

        try
        {
            return await end.Task.WaitAsync(patience, time, cancel);
        }
        catch (TimeoutException)
        {
            return TooLate;
        }
        finally
        {
            lock (_gate) _waiting.Remove(path);
        }
    }

    /// <summary>A job ended.</summary>
    internal void Ended(string path, string result)
    {
        lock (_gate)
        {
            if (_waiting.TryGetValue(path, out var end)) end.TrySetResult(result);
            else if (_beginning > 0) _early[path] = result;
        }
    }

    /// <summary>Ends of jobs may have been missed.</summary>
    internal void Lost(BusException error)
    {
        lock (_gate)
        {
            foreach (var end in _waiting.Values) end.TrySetException(error);
        }
    }

    private TaskCompletionSource<string> Begun(string path)
    {
        lock (_gate)
        {
            // Two who start one unit at once get the same job.
            var end = _waiting.GetValueOrDefault(path) ?? new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_early.TryGetValue(path, out var result)) end.TrySetResult(result);
            else if (path.Length > 0) _waiting[path] = end;
            if (--_beginning == 0) _early.Clear();
            return end;
        }
    }
}
