namespace Mgmt.Linux.Bus;

/// <summary>A bus through libsystemd's sd-bus, with a thread of its own from the first use on.</summary>
/// <param name="address">Where it is.</param>
/// <param name="faulted">Hears of what listeners throw, which they should not; for the log.</param>
public sealed class BusConnection(BusAddress address, Action<Exception>? faulted = null) : IBusConnection
{
    private readonly Lock _gate = new();
    private BusLoop? _loop;
    private bool _isDisposed;

    /// <inheritdoc/>
    public string Words => BusLoop.Words(address);

    /// <summary>Whether the thread exists.</summary>
    internal bool IsOpen => _loop is not null;

    /// <inheritdoc/>
    public async Task<BusBody> CallAsync(BusCall call, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var pending = new PendingCall(call);
        if (!Loop().TryDo(loop => loop.Add(pending))) throw Closed();
        try
        {
            return await pending.Answer.WaitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            pending.IsGivenUp = true;
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<IDisposable> ListenAsync(string rule, IBusListener listener, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var subscription = new Subscription(rule, listener, faulted ?? (static _ => { }));
        var loop = Loop();
        if (!loop.TryDo(it => it.Add(subscription))) throw Closed();
        try
        {
            await subscription.Installed.WaitAsync(cancel);
            return new Listening(loop, subscription);
        }
        catch
        {
            loop.TryDo(it => it.Remove(subscription));
            throw;
        }
    }

    /// <summary>Closes the connection and ends the thread. Calls on the way fail.</summary>
    public async ValueTask DisposeAsync()
    {
        BusLoop? loop;
        lock (_gate)
        {
            _isDisposed = true;
            loop = _loop;
        }

        if (loop is null) return;
        loop.TryDo(static it => it.Stop());
        await loop.Ended;
        loop.Dispose();
    }

    private BusException Closed() => new($"cannot reach {Words}: it was closed");

    private BusLoop Loop()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _loop ??= new BusLoop(address);
        }
    }

    private sealed class Listening(BusLoop loop, Subscription subscription) : IDisposable
    {
        public void Dispose() => loop.TryDo(it => it.Remove(subscription));
    }
}
