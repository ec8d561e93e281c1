namespace Mgmt.Engine.Running;

/// <summary>Tells which parts of a joint run have used up the time that their meta timeout allows. The run itself is cancelled only when no part is left that may go on.</summary>
internal sealed class JointTimeouts : IAsyncDisposable
{
    private readonly CancellationTokenSource _cancel;
    private readonly List<ITimer> _timers = [];
    private int _left;

    /// <param name="run">What is about to begin.</param>
    /// <param name="time">For the timers.</param>
    /// <param name="tell">Takes each part whose time is up; called from any thread.</param>
    /// <param name="ending">Cancels the run as well.</param>
    public JointTimeouts(JointRun run, TimeProvider time, Action<JointPart> tell, CancellationToken ending)
    {
        _cancel = CancellationTokenSource.CreateLinkedTokenSource(ending);
        _left = run.Parts.Count;
        foreach (var part in run.Parts)
        {
            if (part.Vertex.Meta.Timeout == TimeSpan.Zero) continue;
            _timers.Add(time.CreateTimer(_ => Pass(part, tell), null, part.Vertex.Meta.Timeout, Timeout.InfiniteTimeSpan));
        }
    }

    public CancellationToken Token => _cancel.Token;

    /// <summary>Ends the timers; when it returns, no part is told any more.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var timer in _timers) await timer.DisposeAsync();
        _cancel.Dispose();
    }

    private void Pass(JointPart part, Action<JointPart> tell)
    {
        tell(part);
        if (Interlocked.Decrement(ref _left) == 0) _ = _cancel.CancelAsync();
    }
}
