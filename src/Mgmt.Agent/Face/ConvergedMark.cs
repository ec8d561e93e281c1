namespace Mgmt.Agent.Face;

/// <summary>
/// Keeps in the mesh whether this host is converged. A repair of a moment is told once, when it is over, and a host that is never at rest tells it once a second.
/// </summary>
internal sealed class ConvergedMark : IDisposable
{
    private static readonly TimeSpan Settled = TimeSpan.FromMilliseconds(250), Apart = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Convergence _convergence;
    private readonly Action<byte[]> _write;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long? _written;
    private bool _isWaiting;

    /// <summary>Begins to tell.</summary>
    /// <param name="convergence">What is told.</param>
    /// <param name="write">Puts a note where it belongs.</param>
    /// <param name="time">For pauses.</param>
    public ConvergedMark(Convergence convergence, Action<byte[]> write, TimeProvider time)
    {
        (_convergence, _write, _time) = (convergence, write, time);
        _timer = time.CreateTimer(_ => Write(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        convergence.Changed = Await;
        Await();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _convergence.Changed = static () => { };
        _timer.Dispose();
    }

    private void Await()
    {
        lock (_lock)
        {
            if (_isWaiting) return;
            _isWaiting = true;
            var rest = _written is { } at ? Apart - _time.GetElapsedTime(at) : Settled;
            _timer.Change(rest > Settled ? rest : Settled, Timeout.InfiniteTimeSpan);
        }
    }

    private void Write()
    {
        lock (_lock) (_isWaiting, _written) = (false, _time.GetTimestamp());
        _write(_convergence.Present.Encode());
    }
}
