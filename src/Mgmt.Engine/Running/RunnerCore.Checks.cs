using Mgmt.Engine.Kinds;

namespace Mgmt.Engine.Running;

internal sealed partial class RunnerCore
{
    private void StartReady()
    {
        while (_ready.TryDequeue(out var vertex))
        {
            TryStart(vertex);
            Touch(vertex);
        }
    }

    /// <summary>Starts the vertex's check, or its watch before the first, if nothing stands in the way.</summary>
    private void TryStart(RunnerVertex vertex)
    {
        if (!MayBegin(vertex) || vertex.Hold != Hold.None || IsFirstWatchOpening(vertex)) return;
        if (vertex.Watch == WatchState.Closed)
        {
            vertex.Watch = WatchState.Opening;
            vertex.Since = _now;
            _commands.Add(new RunnerCommand.OpenWatch(vertex));
            return;
        }

        if (IsOneOfSeveral(vertex)) TryStartTogether(vertex.Group);
        else if (TakeToken(vertex) && TakeSemaphores(vertex)) Start(vertex);
    }

    private bool MayBegin(RunnerVertex vertex) =>
        !_isStopping && !vertex.IsRetired && !vertex.IsRunning && vertex.Due != CheckReasons.None && vertex.Unsettled == 0 && vertex.FormerSelf is null;

    private static bool IsFirstWatchOpening(RunnerVertex vertex) => vertex.Watch == WatchState.Opening && vertex.WatchError.Length == 0;

    private bool TakeToken(RunnerVertex vertex)
    {
        if (vertex.HasToken) return true;
        if (vertex.Bucket.TryTake(_now, out var wait) && (vertex.Standing != Standing.Failed || vertex.AfterFailure.TryTake(_now, out wait)))
        {
            return vertex.HasToken = true;
        }

        Keep(vertex, Hold.Limit, "");
        _deadlines.Set(vertex, DeadlineKind.Limit, _now + wait);
        return false;
    }

    private bool TakeSemaphores(RunnerVertex vertex)
    {
        if (_semaphores.TryTake(vertex) is not { } full) return true;
        _semaphores.Queue(full, vertex);
        Keep(vertex, Hold.Semaphore, full);
        return false;
    }

    private void Keep(RunnerVertex vertex, Hold hold, string by)
    {
        vertex.Hold = hold;
        vertex.HeldBy = by;
        vertex.Since = _now;
        Touch(vertex);
    }

    private void Start(RunnerVertex vertex) => _commands.Add(new RunnerCommand.Check(vertex, Begin(vertex)));

    private CheckRequest Begin(RunnerVertex vertex)
    {
        vertex.RunningReasons = vertex.Due | vertex.Carried;
        vertex.Due = CheckReasons.None;
        vertex.Carried = CheckReasons.None;
        vertex.HasToken = false;
        vertex.IsRunning = true;
        vertex.Since = _now;
        _running++;
        _activity++;
        if (!vertex.WasChecked) _checked.Add(vertex);
        vertex.WasChecked = true;
        Deadlines.Void(vertex, DeadlineKind.Poll);
        return new CheckRequest(!options.Noop && !vertex.Meta.Noop, vertex.RunningReasons);
    }

    private void OnCheckEnded(RunnerVertex vertex, CheckResult result, TimeSpan took)
    {
        _semaphores.Release(vertex);
        Judge(vertex, result, took);
        Leave(vertex);
        WakeSemaphoreWaiters();
    }

    /// <summary>Takes the result, while the vertex still counts as running.</summary>
    private void Judge(RunnerVertex vertex, CheckResult result, TimeSpan took)
    {
        _activity++;
        var retryIn = result.Outcome == Outcome.Failed ? Fail(vertex, result.Wrong) : null;
        var isToldAlready = result.Outcome == Outcome.Waiting && result == vertex.WaitsFor;
        if (!isToldAlready) Tell(new CheckReport(vertex.Address, result, vertex.RunningReasons, took, retryIn));
        vertex.WaitsFor = result.Outcome == Outcome.Waiting ? result : null;
        if (result.Outcome == Outcome.Waiting) Wait(vertex);
        else if (result.Outcome != Outcome.Failed) Succeed(vertex, result.Outcome != Outcome.InOrder);
        if (vertex.Meta.Poll > TimeSpan.Zero) _deadlines.Set(vertex, DeadlineKind.Poll, _now + vertex.Meta.Poll);
    }

    private void Leave(RunnerVertex vertex)
    {
        _running--;
        _activity++;
        vertex.IsRunning = false;
        vertex.Since = _now;
        Touch(vertex);
        if (vertex.IsRetired) LetSuccessorOfRetiredGo(vertex);
        _ready.Enqueue(vertex);
    }

    private void Succeed(RunnerVertex vertex, bool changed)
    {
        vertex.Standing = Standing.InOrder;
        vertex.LastError = "";
        vertex.Attempts = 0;
        if (!changed) return;
        if (!vertex.WasChanged) _changed++;
        vertex.WasChanged = true;

        // Marked before the vertex counts as settled, so that none of them can start without knowing of the change.
        if (vertex.Position == RunnerVertex.Nowhere) return;
        foreach (var (position, notify) in _structure.LinksOf(vertex.Position))
        {
            var successor = _inPlanOrder[position];
            MakeDue(successor, CheckReasons.Predecessor | (notify ? CheckReasons.Refresh : CheckReasons.None));
            _ready.Enqueue(successor);
        }
    }

    // The next check is an event's, and it is given the reasons of this one too.
    private static void Wait(RunnerVertex vertex)
    {
        vertex.Standing = Standing.Waiting;
        vertex.LastError = "";
        vertex.Attempts = 0;
        vertex.Carried = vertex.RunningReasons & ~CheckReasons.Retry;
    }

    /// <summary>Notes the failure; answers when it is tried again, or null.</summary>
    private TimeSpan? Fail(RunnerVertex vertex, string error)
    {
        vertex.Standing = Standing.Failed;
        vertex.LastError = error;
        vertex.Carried = vertex.RunningReasons & ~CheckReasons.Retry;
        if (vertex.IsRetired || (vertex.Meta.Retry >= 0 && vertex.Attempts >= vertex.Meta.Retry))
        {
            // What happened during the last try begins a new count of them.
            vertex.Attempts = 0;
            return null;
        }

        vertex.Attempts++;
        if (vertex.Meta.Delay == TimeSpan.Zero) MakeDue(vertex, CheckReasons.Retry);
        else
        {
            Keep(vertex, Hold.Retry, "");
            _deadlines.Set(vertex, DeadlineKind.Retry, _now + vertex.Meta.Delay);
        }

        return vertex.Meta.Delay;
    }

    private void WakeSemaphoreWaiters()
    {
        StartReady();
        while (_semaphores.NextWaiter() is ({ } waiter, var id))
        {
            // One that was started with others may wait elsewhere by now.
            if (waiter.Hold != Hold.Semaphore || waiter.HeldBy != id) continue;
            waiter.Hold = Hold.None;
            TryStart(waiter);
            Touch(waiter);
        }
    }
}
