using System.Collections.Concurrent;
using Mgmt.Engine.Kinds;
using Mgmt.Engine.Plans;

namespace Mgmt.Engine.Running;

/// <summary>
/// Makes the host match a plan and keeps it so: the shell around <see cref="RunnerCore"/>. Events are handled one at a time by whichever thread brings one while no
/// other does; checks run on the thread pool, or on the thread that saw the drift.
/// </summary>
public sealed partial class Runner : IAsyncDisposable
{
    // How long a check that was cancelled may take to end: a command's group is asked first and killed then.
    private static readonly TimeSpan AfterCancel = TimeSpan.FromSeconds(3);

    // What a timer can hold; it is set again when it fires early.
    private const double MostTimerMilliseconds = int.MaxValue;

    private readonly ConcurrentQueue<RunnerEvent> _inbox = new();
    private readonly List<RunnerCommand> _commands = [];
    private readonly RunnerCore _core;
    private readonly TimeProvider _time;
    private readonly IReadOnlyList<IEventSource> _sources;
    private readonly Action<Report> _tell;
    private readonly ITimer _timer;
    private readonly long _startedAt;
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan? _timerAt;
    private int _isPumping;

    /// <summary>Makes a runner without a plan.</summary>
    /// <param name="options">How every vertex is treated.</param>
    /// <param name="time">Gives monotonic time and timers.</param>
    /// <param name="sources">Drained before convergence is declared.</param>
    /// <param name="tell">Takes the reports, one at a time. It must be quick and must not throw or block: the runner waits for it.</param>
    public Runner(RunnerOptions options, TimeProvider time, IReadOnlyList<IEventSource> sources, Action<Report> tell)
    {
        _core = new RunnerCore(options);
        _time = time;
        _sources = sources;
        _tell = tell;
        _startedAt = time.GetTimestamp();
        _timer = time.CreateTimer(static state => ((Runner)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan Now => _time.GetElapsedTime(_startedAt);

    /// <summary>Puts a new plan in force. What did not change goes on undisturbed.</summary>
    public void Swap(Plan plan) => Post(new RunnerEvent.Swap(plan));

    /// <summary>
    /// Starts nothing new and waits for what runs; what is not done after <paramref name="grace"/>, or when <paramref name="hurry"/> is cancelled, is cancelled, and
    /// waited for a little longer. The answer is whether all has ended.
    /// </summary>
    public async Task<bool> StopAsync(TimeSpan grace, CancellationToken hurry)
    {
        Post(new RunnerEvent.StopAsked());
        if (await IsIdleWithinAsync(grace, hurry)) return true;
        await _ending.CancelAsync();
        return await IsIdleWithinAsync(AfterCancel, CancellationToken.None);
    }

    /// <summary>Every vertex as it stands between two events.</summary>
    public Task<RunnerStatus> DescribeAsync()
    {
        var described = new TaskCompletionSource<RunnerStatus>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(new Describe(described));
        return described.Task;
    }

    /// <summary>Ends once all that was posted before is handled: the runner turns.</summary>
    public Task EchoAsync()
    {
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(new Echo(heard));
        return heard.Task;
    }

    /// <summary>Ends the checks that run and closes all watches.</summary>
    public async ValueTask DisposeAsync()
    {
        var isIdle = await StopAsync(TimeSpan.Zero, CancellationToken.None);
        await _timer.DisposeAsync();
        foreach (var vertex in _core.Vertices.Values)
        {
            if (vertex.Sink is { } sink) await CloseAsync(sink);
        }

        // A check that does not heed its token still holds it.
        if (isIdle) _ending.Dispose();
    }

    private async Task<bool> IsIdleWithinAsync(TimeSpan time, CancellationToken hurry)
    {
        try
        {
            await _idle.Task.WaitAsync(time, _time, hurry);
            return true;
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }

    internal void Post(RunnerEvent happened, Lane? lane = null)
    {
        _inbox.Enqueue(happened);
        Pump(lane);
    }

    internal void OnDrift(WatchSink sink, bool mayRunHere)
    {
        var lane = mayRunHere ? new Lane(sink.Vertex) : null;
        Post(new Drift(sink), lane);
        if (lane?.Taken is { } check) RunHere(check, goOn: false);
    }

    /// <summary>Handles what is in the inbox unless another thread does so already; then that one sees to it.</summary>
    private void Pump(Lane? lane)
    {
        while (!_inbox.IsEmpty && Interlocked.CompareExchange(ref _isPumping, 1, 0) == 0)
        {
            try
            {
                while (_inbox.TryDequeue(out var happened)) Handle(happened, lane);
                ArmTimer();
            }
            finally
            {
                Volatile.Write(ref _isPumping, 0);
            }
        }
    }

    private void Handle(RunnerEvent happened, Lane? lane)
    {
        _commands.Clear();
        try
        {
            Step(happened);
        }
        catch (Exception bug)
        {
            // A mistake of ours must not end the agent: it is told, and the other resources go on.
            _tell(new FaultReport($"cannot handle {happened.GetType().Name}: {bug}"));
        }

        foreach (var command in _commands) Carry(command, lane);
    }

    private void Step(RunnerEvent happened)
    {
        switch (happened)
        {
            case Describe describe:
                describe.To.SetResult(_core.Describe(Now, _inbox.Count));
                return;
            case Echo echo:
                echo.To.SetResult();
                return;
            case Fault fault:
                _tell(new FaultReport(fault.Error));
                return;
            case Drift drift:
                drift.Sink.Handled();
                _core.Step(new RunnerEvent.Drifted(drift.Sink.Vertex), Now, _commands);
                return;
            case RunnerEvent.Tick:
                _timerAt = null;
                break;
        }

        _core.Step(happened, Now, _commands);
    }

    private void ArmTimer()
    {
        var next = _core.NextDeadline;
        if (next == _timerAt) return;
        _timerAt = next;
        if (next is not { } at) return;

        // Timers count whole milliseconds: rounded down, one would fire before its time and be set again at once.
        var wait = Math.Ceiling(Math.Max(0, (at - Now).TotalMilliseconds));
        _timer.Change(TimeSpan.FromMilliseconds(Math.Min(wait, MostTimerMilliseconds)), Timeout.InfiniteTimeSpan);
    }

    private void OnTimer() => Post(new RunnerEvent.Tick());

    /// <summary>A watch saw something; which vertex that is due to, its sink knows.</summary>
    private sealed record Drift(WatchSink Sink) : RunnerEvent;

    private sealed record Fault(string Error) : RunnerEvent;

    private sealed record Echo(TaskCompletionSource To) : RunnerEvent;

    private sealed record Describe(TaskCompletionSource<RunnerStatus> To) : RunnerEvent;
}
