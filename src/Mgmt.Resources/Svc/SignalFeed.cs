using Mgmt.Linux.Bus;

namespace Mgmt.Resources.Svc;

/// <summary>
/// Keeps systemd's signals coming. Two matches serve all units; they are installed with the first use, and stay: the bus brings them back by itself. systemd
/// sends nothing without a subscription, and forgets it with the bus and with its own end, so that is asked for anew after each loss.
/// </summary>
/// <param name="bus">The bus.</param>
/// <param name="time">Measures the pauses between two tries.</param>
/// <param name="isWanted">Whether anybody listens.</param>
/// <param name="listener">Whom to tell.</param>
internal sealed partial class SignalFeed(IBusConnection bus, TimeProvider time, Func<bool> isWanted, IFeedListener listener)
{
    private const string Everything = $"type='signal',sender='{Systemd.Service}',path_namespace='{Systemd.Root}'";
    private const string Owner = $"type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='{Systemd.Service}'";

    private readonly Lock _gate = new();
    private readonly List<IDisposable> _ears = [];
    private TaskCompletionSource _open = NewSource();
    private TaskCompletionSource _sign = NewSource();
    private Task _try = Task.CompletedTask;
    private int _losses;

    /// <summary>Whether signals are heard, as far as is known.</summary>
    internal bool IsOpen
    {
        get
        {
            lock (_gate) return _open.Task.IsCompleted;
        }
    }

    /// <summary>Begins to hear, if that is not so; tries once.</summary>
    /// <exception cref="BusException">The bus or systemd is not there.</exception>
    internal Task OpenAsync(CancellationToken cancel)
    {
        lock (_gate)
        {
            if (_open.Task.IsCompleted) return Task.CompletedTask;
            if (_try.IsCompleted) _try = Task.Run(TryAsync, CancellationToken.None);
            return _try.WaitAsync(cancel);
        }
    }

    private async Task TryAsync()
    {
        int losses;
        lock (_gate) losses = _losses;
        try
        {
            await InstallAsync();
            await SubscribeAsync();
        }
        catch (BusException error) when (!error.IsUnreachable)
        {
            throw new BusException($"cannot reach systemd over {bus.Words}: {error.Message}", error.Name, error);
        }

        lock (_gate)
        {
            // The subscription may have been the lost one's.
            if (losses != _losses) throw new BusException($"cannot hear of units over {bus.Words}: systemd or the bus went away again");
            _open.TrySetResult();
        }

        listener.Opened();
    }

    // One try at a time; what is installed stays.
    private async Task InstallAsync()
    {
        if (_ears.Count == 0) _ears.Add(await bus.ListenAsync(Owner, new Ear(_ => OnOwner(), OnLost, OnBack), CancellationToken.None));
        if (_ears.Count == 1) _ears.Add(await bus.ListenAsync(Everything, new Ear(listener.Heard, static _ => { }, OnBack), CancellationToken.None));
    }

    private async Task SubscribeAsync()
    {
        try
        {
            await bus.CallAsync(new BusCall(Systemd.Service, Systemd.Root, Systemd.Service + ".Manager", "Subscribe") { Timeout = TimeSpan.FromSeconds(5) }, CancellationToken.None);
        }
        catch (BusException error) when (error.Name == Systemd.Service + ".AlreadySubscribed")
        {
            // It kept the subscription, which is as good.
        }
    }

    private void OnOwner()
    {
        Close();
        listener.Interrupted();
        OnBack();
    }

    private void OnLost(string error)
    {
        Close();
        listener.Lost(error);
        Seek();
    }

    private void OnBack()
    {
        lock (_gate)
        {
            _sign.TrySetResult();
            _sign = NewSource();
        }

        Seek();
    }

    private void Close()
    {
        lock (_gate)
        {
            _losses++;
            if (_open.Task.IsCompleted) _open = NewSource();
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Ear(Action<BusSignal> heard, Action<string> lost, Action back) : IBusListener
    {
        public void Heard(BusSignal signal) => heard(signal);

        public void Lost(string error) => lost(error);

        public void Back() => back();
    }
}
