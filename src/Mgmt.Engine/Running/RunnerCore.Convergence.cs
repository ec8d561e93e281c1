using Mgmt.Engine.Kinds;

namespace Mgmt.Engine.Running;

internal sealed partial class RunnerCore
{
    private const int MostBlockedNamed = 100;

    private long _activity;
    private long _drainedFor = -1;
    private long _activityWhenConverged;
    private TimeSpan _activeSince;
    private bool _isConverged;
    private bool _hasPlan;
    private readonly List<RunnerVertex> _checked = [];
    private int _changed;

    /// <summary>
    /// When nothing is busy, all that is left is in order, failed for good, or blocked by a failure: then the sources of events are drained, and if that brought
    /// nothing, the graph is converged.
    /// </summary>
    private void LookForConvergence()
    {
        if (_isConverged && _activity != _activityWhenConverged)
        {
            _isConverged = false;
            _activeSince = _now;
            Tell(new ActiveReport());
        }

        if (!_hasPlan || _isConverged || _busy > 0 || _drainedFor == _activity) return;
        _drainedFor = _activity;
        _commands.Add(new RunnerCommand.Drain(_activity));
    }

    private void OnDrained(long activity)
    {
        if (activity != _activity || _busy > 0 || _isConverged) return;
        _isConverged = true;
        _activityWhenConverged = _activity;
        var blocked = _failed == 0 ? [] : _vertices.Values.Where(vertex => vertex.Due != CheckReasons.None && vertex.Unsettled > 0).ToList();
        var summary = new RunSummary(_checked.Count, _changed, _failed, blocked.Count, _now - _activeSince) { Waiting = _waiting };
        Tell(new ConvergedReport(summary, [.. blocked.Take(MostBlockedNamed).Select(vertex => new BlockedResource(vertex.Address, FailedAbove(vertex)))]));
        foreach (var vertex in _checked) vertex.WasChecked = vertex.WasChanged = false;
        _checked.Clear();
        _changed = 0;
    }

    private void SayIdle()
    {
        if (_running > 0 || _saidIdle) return;
        _saidIdle = true;
        _commands.Add(new RunnerCommand.Idle());
    }

    /// <summary>The failed vertices that this one waits for, over any number of others that wait themselves; the nearest first, a few at most.</summary>
    private List<Address> FailedAbove(RunnerVertex vertex)
    {
        const int most = 3;
        var failed = new List<Address>();
        var seen = new HashSet<RunnerGroup> { vertex.Group };
        var pending = new Queue<RunnerGroup>([vertex.Group]);
        while (failed.Count < most && pending.TryDequeue(out var next))
        {
            foreach (var position in _structure.Graph.Predecessors(next.Vertex))
            {
                var above = _groups[position];
                if (above.UnsettledMembers == 0 || !seen.Add(above)) continue;
                if (above.Unsettled > 0) pending.Enqueue(above);
                else failed.AddRange(above.Members.Where(member => member is { Standing: Standing.Failed, IsBusy: false }).Take(most - failed.Count).Select(member => member.Address));
            }
        }

        return failed;
    }
}
