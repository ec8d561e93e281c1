using Mgmt.Mesh.Consensus;
using Mgmt.Store.Commands;
using Mgmt.Store.Leases;
using Mgmt.Store.Machine;
using Mgmt.Store.Watches;

namespace Mgmt.Mesh.Node;

/// <summary>
/// What follows from applied entries: watches are told, the leader's leases run, and its history is compacted. It owns the hub and the lease clock; everything
/// that touches them takes its turn.
/// </summary>
internal sealed class NodeWork : IDisposable
{
    private const int ExpireAtOnce = 500;

    // A timer takes no more than 49 days, and a lease may have 285 years: it looks again.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    private readonly Turns _turns;
    private readonly WatchHub _hub;
    private readonly LeaseClock _leases = new();
    private readonly NodeOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<Command, Task> _propose;
    private readonly Action<Leadership> _leadershipChanged;
    private readonly ITimer _timer;
    private StoreView _view;
    private long _leading;
    private bool _isCompacting;
    private bool _isCatchingUp;

    /// <param name="view">The state at the start.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="time">For leases.</param>
    /// <param name="propose">Proposes what the leader finds due, and ends when that is done or has failed; it does not throw.</param>
    /// <param name="leadershipChanged">Told in turn.</param>
    /// <param name="broken">Told of what should never happen, after which this member's watches and leases are not to be trusted.</param>
    public NodeWork(StoreView view, NodeOptions options, TimeProvider time, Func<Command, Task> propose, Action<Leadership> leadershipChanged, Action<Exception> broken)
    {
        (_view, _options, _time, _propose, _leadershipChanged) = (view, options, time, propose, leadershipChanged);
        _turns = new(broken);
        _hub = new(view, options.Watches);
        _timer = time.CreateTimer(_ => _turns.Take(ExpireLeases), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Holds the calling thread until no more than so much is handed in and not done.</summary>
    public void HoldUntil(int most) => _turns.HoldUntil(most);

    private TimeSpan Now => TimeSpan.FromSeconds((double)_time.GetTimestamp() / _time.TimestampFrequency);

    /// <summary>Follows an applied entry.</summary>
    public void Follow(Command command, Applied applied) => _turns.Take(() =>
    {
        _view = applied.View;
        var unsynced = _hub.Unsynced;
        _hub.Publish(applied);

        // Who fell behind may have taken all in the meantime, and would not say so again.
        if (_hub.Unsynced > unsynced) CatchUp();
        if (_leading == 0) return;
        _leases.Follow(command, applied, Now);
        if (command is Command.LeaseGrant) SetTimer();
        CompactWhenDue();
    });

    /// <summary>Goes on from a state that did not come by entries.</summary>
    public void Restart(StoreView view) => _turns.Take(() =>
    {
        _view = view;
        _hub.Restart(view);
        CatchUp();
    });

    /// <summary>Tells who leads now. The clock of leases stands still until <see cref="BeginToLead"/>.</summary>
    public void LeadershipChanged(Leadership leadership) => _turns.Take(() =>
    {
        _leading = 0;
        _leases.Stop();
        _leadershipChanged(leadership);
    });

    /// <summary>Starts the clock of leases, with the full time for each: everything of earlier leaders is applied.</summary>
    public void BeginToLead(long term) => _turns.Take(() =>
    {
        _leading = term;
        _leases.Start(_view.Leases.Values, Now);
        SetTimer();
        CompactWhenDue();
    });

    /// <summary>Answers what only the leader's clock can. Null when it does not run here.</summary>
    public Task<LeaseTime?> AnswerAsync(LeaderQuestion question) => _turns.AskAsync(() => _leading == 0 ? (LeaseTime?)null : Answer(question.Kind, (long)question.Id));

    /// <summary>Begins a watch.</summary>
    public Task<(Watcher? Watcher, long Revision)> WatchAsync(WatchRequest request, WatchQueue queue) => _turns.AskAsync(() =>
    {
        var watcher = _hub.Watch(request, queue);
        if (watcher is { IsSynced: false }) CatchUp();
        return (watcher, _view.Revision);
    });

    /// <summary>Ends a watch.</summary>
    public Task UnwatchAsync(Watcher watcher) => _turns.AskAsync(() =>
    {
        _hub.Cancel(watcher);
        return true;
    });

    /// <summary>Says that there may be room again for those who read history.</summary>
    public void QueueDrained()
    {
        if (_hub.Unsynced > 0) _turns.Take(CatchUp);
    }

    /// <summary>Has a watch told how far it is.</summary>
    public Task<bool> TellProgressAsync(Watcher watcher) => _turns.AskAsync(() => _hub.TryTellProgress(watcher));

    /// <summary>How many watches there are, and how many of them read history.</summary>
    public (int All, int Unsynced) Watches => (_hub.Synced + _hub.Unsynced, _hub.Unsynced);

    public void Dispose() => _timer.Dispose();

    private LeaseTime Answer(LeaderQuestionKind kind, long id)
    {
        var granted = _view.Leases.TryGetValue(id, out var lease) ? lease.Seconds : 0;
        if (kind == LeaderQuestionKind.TimeToLive) return new(_leases.SecondsLeft(id, Now), granted, null);
        return new(_leases.TryKeepAlive(id, Now, out var seconds) ? seconds : 0, granted, null);
    }

    private void ExpireLeases()
    {
        if (_leading == 0) return;
        foreach (var due in _leases.TakeDue(Now, ExpireAtOnce)) _ = _propose(due);
        SetTimer();
    }

    private void SetTimer()
    {
        if (_leases.NextDeadline is not { } at) return;
        var wait = at - Now + TimeSpan.FromMilliseconds(1);
        _timer.Change(wait < ShortestWait ? ShortestWait : wait > LongestWait ? LongestWait : wait, Timeout.InfiniteTimeSpan);
    }

    private void CompactWhenDue()
    {
        if (_isCompacting || _options.History.CompactAt(_view) is not { } revision) return;
        _isCompacting = true;
        _ = CompactAsync(revision);
    }

    private async Task CompactAsync(long revision)
    {
        await _propose(new Command.Compact(revision));
        _turns.Take(() => _isCompacting = false);
    }

    // One step of bounded length, then others get their turn.
    private void CatchUp()
    {
        if (_isCatchingUp) return;
        _isCatchingUp = true;
        _ = Task.Run(() => _turns.Take(() =>
        {
            _isCatchingUp = false;
            if (_hub.CatchUp() > 0) CatchUp();
        }));
    }
}
