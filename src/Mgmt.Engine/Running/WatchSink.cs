using Mgmt.Engine.Kinds;

namespace Mgmt.Engine.Running;

/// <summary>Carries what one watch of one vertex saw to the runner, folding what is not handled yet.</summary>
internal sealed class WatchSink(Runner runner, RunnerVertex vertex) : IWatchSink
{
    private int _isPending;
    private int _isOpen;
    private int _saidEnd;
    private string? _ended;
    private volatile bool _isClosed;

    /// <summary>The open watch, once there is one.</summary>
    public IAsyncDisposable? Watch { get; set; }

    public RunnerVertex Vertex => vertex;

    public void Changed(bool mayRunHere = false)
    {
        if (_isClosed || Interlocked.Exchange(ref _isPending, 1) == 1) return;
        runner.OnDrift(this, mayRunHere);
    }

    public void Ended(string error)
    {
        Interlocked.CompareExchange(ref _ended, error, null);
        PostEnd();
    }

    /// <summary>The core has been told that the watch is open: from here on, and not before, it may hear of its end.</summary>
    public void Opened()
    {
        Interlocked.Exchange(ref _isOpen, 1);
        PostEnd();
    }

    private void PostEnd()
    {
        if (_isClosed || Volatile.Read(ref _ended) is not { } error || Volatile.Read(ref _isOpen) == 0) return;
        if (Interlocked.Exchange(ref _saidEnd, 1) == 0) runner.Post(new RunnerEvent.WatchEnded(vertex, error));
    }

    /// <summary>To be called before the drift is handled: whatever is seen from here on is posted anew.</summary>
    public void Handled() => Volatile.Write(ref _isPending, 0);

    public async ValueTask CloseAsync()
    {
        _isClosed = true;
        if (Watch is { } watch) await watch.DisposeAsync();
    }
}
