using Mgmt.Engine.Kinds;

namespace Mgmt.Engine.Running;

public sealed partial class Runner
{
    private void Carry(RunnerCommand command, Lane? lane)
    {
        switch (command)
        {
            case RunnerCommand.Check check when lane?.TryTake(check) == true:
                break;
            case RunnerCommand.Check check:
                ThreadPool.UnsafeQueueUserWorkItem(static pair => pair.Runner.RunHere(pair.Check, goOn: true), (Runner: this, Check: check), preferLocal: false);
                break;
            case RunnerCommand.CheckTogether together:
                ThreadPool.UnsafeQueueUserWorkItem(static pair => _ = pair.Runner.RunTogetherAsync(pair.Run), (Runner: this, together.Run), preferLocal: false);
                break;
            case RunnerCommand.OpenWatch open:
                ThreadPool.UnsafeQueueUserWorkItem(static pair => _ = pair.Runner.OpenAsync(pair.Vertex), (Runner: this, open.Vertex), preferLocal: false);
                break;
            case RunnerCommand.CloseWatch close when close.Vertex.Sink is { } sink:
                close.Vertex.Sink = null;
                _ = CloseAsync(sink);
                break;
            case RunnerCommand.Drain drain:
                _ = DrainAsync(drain.Activity);
                break;
            case RunnerCommand.Tell tell:
                _tell(tell.Report);
                break;
            case RunnerCommand.Idle:
                _idle.TrySetResult();
                break;
            default:
                break;
        }
    }

    /// <summary>Runs the check on this thread and, if it may go on, then those that it makes possible, one after the other, while they do not wait.</summary>
    private void RunHere(RunnerCommand.Check check, bool goOn)
    {
        for (var next = check; next is not null;)
        {
            var ended = RunAsync(next);
            if (!ended.IsCompletedSuccessfully)
            {
                _ = PostWhenEndedAsync(ended);
                return;
            }

            var lane = goOn ? new Lane(only: null) : null;
            Post(ended.Result, lane);
            next = lane?.Taken;
        }
    }

    private async Task PostWhenEndedAsync(ValueTask<RunnerEvent> ended)
    {
        var lane = new Lane(only: null);
        Post(await ended, lane);
        if (lane.Taken is { } next) RunHere(next, goOn: true);
    }

    private async ValueTask<RunnerEvent> RunAsync(RunnerCommand.Check check)
    {
        var vertex = check.Vertex;
        var startedAt = _time.GetTimestamp();
        CheckResult result;
        try
        {
            result = await CheckWithinTimeoutAsync(vertex, check.Request);
        }
        catch (Exception error)
        {
            result = FailureOf(error);
        }

        return new RunnerEvent.CheckEnded(vertex, result, _time.GetElapsedTime(startedAt));
    }

    // Whatever a resource throws is that resource's failure, never the end of the graph.
    private CheckResult FailureOf(Exception error) => error switch
    {
        OperationCanceledException when _ending.IsCancellationRequested => CheckResult.Failed("cannot finish: the agent is stopping"),
        ResourceException => CheckResult.Failed(error.Message),
        _ => CheckResult.Failed($"cannot check it: {error.Message} ({error.GetType().Name})"),
    };

    private static CheckResult TooLong(RunnerVertex vertex) =>
        CheckResult.Failed($"cannot finish within {vertex.Meta.Timeout.TotalMilliseconds:0} ms, which meta timeout allows");

    private async ValueTask<CheckResult> CheckWithinTimeoutAsync(RunnerVertex vertex, CheckRequest request)
    {
        var resource = vertex.Resource;
        if (vertex.Meta.Timeout == TimeSpan.Zero) return await resource.CheckAsync(request, _ending.Token);
        using var timeout = new CancellationTokenSource(vertex.Meta.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _ending.Token);
        try
        {
            return await resource.CheckAsync(request, either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !_ending.IsCancellationRequested)
        {
            return TooLong(vertex);
        }
    }

    private async Task OpenAsync(RunnerVertex vertex)
    {
        var sink = new WatchSink(this, vertex);
        var lane = new Lane(only: null);
        try
        {
            sink.Watch = await vertex.Resource.WatchAsync(sink, _ending.Token);
            vertex.Sink = sink;
            Post(new RunnerEvent.WatchOpened(vertex), lane);
            sink.Opened();
        }
        catch (Exception error)
        {
            // The vertex is checked without its watch, and the watch is tried again.
            await CloseAsync(sink);
            Post(new RunnerEvent.WatchEnded(vertex, error is ResourceException ? error.Message : $"cannot watch it: {error.Message}"), lane);
        }

        if (lane.Taken is { } check) RunHere(check, goOn: true);
    }

    private async Task CloseAsync(WatchSink sink)
    {
        try
        {
            await sink.CloseAsync();
        }
        catch (Exception error)
        {
            Post(new Fault($"cannot close the watch of {sink.Vertex}: {error.Message}"));
        }
    }

    private async Task DrainAsync(long activity)
    {
        try
        {
            foreach (var source in _sources) await source.DrainAsync(_ending.Token);
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            return;
        }
        catch (Exception error)
        {
            Post(new Fault($"cannot drain a source of events: {error.Message}"));
        }

        Post(new RunnerEvent.Drained(activity));
    }
}
