using Mgmt.Linux.Bus;

namespace Mgmt.Resources.Svc;

/// <summary>
/// Waits for systemd's jobs. The signal of a job's end may come before the answer that names the job, so ends are kept while an answer is due. A loss of
/// the bus may come between the answer and whoever takes it up on another thread, so a loss counts for all who began before it.
/// </summary>
internal sealed class Jobs
{
    internal const string Done = "done", Canceled = "canceled", TooLate = "too late";

    private readonly Lock _gate = new();
    private readonly List<(string Path, TaskCompletionSource<string> End)> _waiting = [];
    private readonly Dictionary<string, string> _early = new(StringComparer.Ordinal);
    private TaskCompletionSource _nextEnd = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private BusException? _loss;
    private int _losses;
    private int _beginning;

    /// <summary>Completes with the next end of a job, whosesoever.</summary>
    internal Task NextEnd
    {
        get
        {
            lock (_gate) return _nextEnd.Task;
        }
    }

    /// <summary>Begins a job and waits for its end.</summary>
    /// <param name="begin">Answers with the job's path.</param>
    /// <param name="patience">How long the job may take.</param>
    /// <param name="time">Measures it.</param>
    /// <param name="cancel">Ends the wait, not the job.</param>
    /// <returns>The job's result.</returns>
    /// <exception cref="BusException">It could not begin, or its end may have been missed.</exception>
    internal async Task<string> RunAsync(Func<Task<string>> begin, TimeSpan patience, TimeProvider time, CancellationToken cancel)
    {
        var end = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        int losses;
        lock (_gate) (losses, _) = (_losses, _beginning++);
        var path = "";
        try
        {
            path = await begin();
        }
        finally
        {
            Begun(path, end, losses);
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
            lock (_gate) _waiting.Remove((path, end));
        }
    }

    /// <summary>A job ended.</summary>
    internal void Ended(string path, string result)
    {
        lock (_gate)
        {
            foreach (var one in _waiting)
            {
                if (one.Path == path) one.End.TrySetResult(result);
            }

            if (_beginning > 0) _early[path] = result;
            _nextEnd.SetResult();
            _nextEnd = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Ends of jobs may have been missed.</summary>
    internal void Lost(BusException error)
    {
        lock (_gate)
        {
            _losses++;
            _loss = error;
            foreach (var one in _waiting) one.End.TrySetException(error);
        }
    }

    private void Begun(string path, TaskCompletionSource<string> end, int losses)
    {
        lock (_gate)
        {
            if (_early.TryGetValue(path, out var result)) end.TrySetResult(result);
            else if (losses != _losses) end.TrySetException(_loss!);
            else if (path.Length > 0) _waiting.Add((path, end));
            if (--_beginning == 0) _early.Clear();
        }
    }
}
