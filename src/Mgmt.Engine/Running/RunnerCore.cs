using Mgmt.Engine.Kinds;

namespace Mgmt.Engine.Running;

/// <summary>
/// What decides which check may run now. A state machine without clock, thread or host: an event and the time go in, commands come out, in the same
/// order for the same input. Time is counted from the runner's start and never goes back.
/// </summary>
internal sealed partial class RunnerCore(RunnerOptions options)
{
    private readonly Dictionary<Address, RunnerVertex> _vertices = [];
    private readonly Dictionary<Address, RunnerVertex> _formerSelves = [];
    private readonly Deadlines _deadlines = new();
    private readonly SemaphoreTable _semaphores = new(options.Parallel);
    private readonly Queue<RunnerVertex> _ready = new();
    private List<RunnerCommand> _commands = [];
    private TimeSpan _now;
    private string _graph = "";
    private bool _isStopping;
    private bool _saidIdle;
    private int _running;
    private int _busy;
    private int _failed;
    private int _waiting;

    /// <summary>When the next Tick is due at the latest, or null when none is.</summary>
    public TimeSpan? NextDeadline => _isStopping ? null : _deadlines.Next;

    /// <summary>The vertices of the present plan.</summary>
    public IReadOnlyDictionary<Address, RunnerVertex> Vertices => _vertices;

    /// <summary>Handles one event and appends the commands that follow from it.</summary>
    public void Step(RunnerEvent happened, TimeSpan now, List<RunnerCommand> commands)
    {
        _commands = commands;
        _now = now;
        switch (happened)
        {
            case RunnerEvent.Swap swap: Swap(swap.Plan); break;
            case RunnerEvent.WatchOpened opened: OnWatchOpened(opened.Vertex); break;
            case RunnerEvent.WatchEnded ended: OnWatchEnded(ended.Vertex, ended.Error); break;
            case RunnerEvent.Drifted drifted: OnDrifted(drifted.Vertex); break;
            case RunnerEvent.CheckEnded ended: OnCheckEnded(ended.Vertex, ended.Result, ended.Took); break;
            case RunnerEvent.JointEnded ended: OnJointEnded(ended.Run, ended.Results, ended.Took); break;
            case RunnerEvent.PartEnded ended: OnPartEnded(ended.Part, ended.Result, ended.Took); break;
            case RunnerEvent.Drained drained: OnDrained(drained.Activity); break;
            case RunnerEvent.Tick: OnTick(); break;
            case RunnerEvent.StopAsked: _isStopping = true; break;
            default: throw new ArgumentException($"unknown event {happened}", nameof(happened));
        }

        StartReady();
        if (_isStopping) SayIdle();
        else LookForConvergence();
    }

    private void OnWatchOpened(RunnerVertex vertex)
    {
        if (vertex.IsRetired)
        {
            _commands.Add(new RunnerCommand.CloseWatch(vertex));
            return;
        }

        // What happened while nobody watched is found by looking again.
        if (vertex.WatchError.Length > 0) MakeDue(vertex, CheckReasons.Rewatched);
        vertex.Watch = WatchState.Open;
        vertex.WatchError = "";
        vertex.WatchOpenedAt = _now;
        Touch(vertex);
        _ready.Enqueue(vertex);
    }

    private void OnWatchEnded(RunnerVertex vertex, string error)
    {
        if (vertex.IsRetired || vertex.Watch == WatchState.Lost) return;
        var livedLong = vertex.Watch == WatchState.Open && _now - vertex.WatchOpenedAt >= WatchBackoff.Settled;
        vertex.WatchBackoff = livedLong ? WatchBackoff.First : WatchBackoff.After(vertex.WatchBackoff);
        vertex.Watch = WatchState.Lost;
        var isNews = vertex.WatchError != error;
        vertex.WatchError = error;
        _deadlines.Set(vertex, DeadlineKind.Watch, _now + vertex.WatchBackoff);
        _commands.Add(new RunnerCommand.CloseWatch(vertex));
        if (isNews) Tell(new WatchLostReport(vertex.Address, error, vertex.WatchBackoff));
        Touch(vertex);
        _ready.Enqueue(vertex);
    }

    private void OnDrifted(RunnerVertex vertex)
    {
        if (vertex.IsRetired) return;
        MakeDue(vertex, CheckReasons.Watch);
        _ready.Enqueue(vertex);
    }

    private void OnTick()
    {
        while (_deadlines.TryTake(_now, out var vertex, out var kind))
        {
            switch (kind)
            {
                case DeadlineKind.Retry:
                    vertex.Hold = Hold.None;
                    MakeDue(vertex, CheckReasons.Retry);
                    break;
                case DeadlineKind.Limit:
                    vertex.Hold = Hold.None;
                    break;
                case DeadlineKind.Poll:
                    MakeDue(vertex, CheckReasons.Poll);
                    break;
                default:
                    vertex.Watch = WatchState.Opening;
                    _commands.Add(new RunnerCommand.OpenWatch(vertex));
                    break;
            }

            Touch(vertex);
            _ready.Enqueue(vertex);
        }
    }

    /// <summary>Marks the vertex to be checked. An event ends the wait for a retry: what it brings may be the cure.</summary>
    private void MakeDue(RunnerVertex vertex, CheckReasons reasons)
    {
        _activity++;
        if (vertex.Due == CheckReasons.None) vertex.Since = _now;
        vertex.Due |= reasons;
        if (vertex.Hold == Hold.Retry)
        {
            vertex.Hold = Hold.None;
            Deadlines.Void(vertex, DeadlineKind.Retry);
        }
        else if (vertex.Standing == Standing.Failed && (reasons & CheckReasons.Retry) == 0)
        {
            vertex.Attempts = 0;
        }

        Touch(vertex);
    }

    /// <summary>Brings the counts that depend on the vertex up to date: to be called after each change of it.</summary>
    private void Touch(RunnerVertex vertex)
    {
        var settled = vertex.IsSettled && !vertex.IsRetired;
        if (settled != vertex.CountedSettled)
        {
            vertex.CountedSettled = settled;
            CountSettled(vertex.Group, settled ? -1 : 1);
        }

        if (vertex.IsBusy != vertex.CountedBusy)
        {
            vertex.CountedBusy = !vertex.CountedBusy;
            _busy += vertex.CountedBusy ? 1 : -1;
        }

        if (vertex.IsFailed != vertex.CountedFailed)
        {
            vertex.CountedFailed = !vertex.CountedFailed;
            _failed += vertex.CountedFailed ? 1 : -1;
        }

        if (vertex.IsWaiting != vertex.CountedWaiting)
        {
            vertex.CountedWaiting = !vertex.CountedWaiting;
            _waiting += vertex.CountedWaiting ? 1 : -1;
        }
    }

    private void CountSettled(RunnerGroup group, int change)
    {
        var wasSettled = group.UnsettledMembers == 0;
        group.UnsettledMembers += change;
        if (wasSettled == (group.UnsettledMembers == 0)) return;
        foreach (var position in _structure.Graph.Successors(group.Vertex))
        {
            var successor = _groups[position];
            successor.Unsettled += change;
            if (successor.Unsettled > 0) continue;
            foreach (var member in successor.Members) _ready.Enqueue(member);
        }
    }

    private void Tell(Report report) => _commands.Add(new RunnerCommand.Tell(report));
}
