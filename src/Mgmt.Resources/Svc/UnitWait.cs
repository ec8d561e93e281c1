namespace Mgmt.Resources.Svc;

/// <summary>Waits for the next event of a unit: what happened since the last wait counts.</summary>
internal sealed class UnitWait : IUnitListener, IDisposable
{
    private readonly UnitSignals _signals;
    private readonly string _path;
    private TaskCompletionSource _event = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal UnitWait(UnitSignals signals, string path)
    {
        (_signals, _path) = (signals, path);
        signals.Add(path, this);
    }

    /// <summary>Waits; false when the time was over first.</summary>
    internal async Task<bool> NextAsync(TimeSpan patience, TimeProvider time, CancellationToken cancel)
    {
        try
        {
            await _event.Task.WaitAsync(patience, time, cancel);
            _event = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public void Changed() => Volatile.Read(ref _event).TrySetResult();

    public void AnyChanged() => Changed();

    // Whoever waits looks again, and finds out.
    public void Lost(string error) => Changed();

    public void Dispose() => _signals.Remove(_path, this);
}
