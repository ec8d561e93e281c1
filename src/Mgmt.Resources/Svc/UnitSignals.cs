using Mgmt.Linux.Bus;

namespace Mgmt.Resources.Svc;

/// <summary>Who wants to hear of a unit. Called from the bus's thread.</summary>
internal interface IUnitListener
{
    /// <summary>Something about the unit changed.</summary>
    void Changed();

    /// <summary>Something changed that may concern any unit.</summary>
    void AnyChanged();

    /// <summary>Nothing is heard any more.</summary>
    /// <param name="error">A sentence that begins with "cannot".</param>
    void Lost(string error);
}

/// <summary>
/// Hands systemd's signals to those whom they concern. Two matches serve all units; they are installed with the first, and stay. While systemd
/// itself is away, as when it re-executes, the listeners wait; when it is back, each is told to look.
/// </summary>
internal sealed class UnitSignals(IBusConnection bus)
{
    private const string Everything = $"type='signal',sender='{Systemd.Service}',path_namespace='{Systemd.Root}'";
    private const string Owner = $"type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='{Systemd.Service}'";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<IUnitListener>> _listeners = new(StringComparer.Ordinal);
    private readonly List<IDisposable> _ears = [];
    private Task? _opening;
    private volatile string _lost = "";

    /// <summary>Ends of jobs.</summary>
    internal Jobs Jobs { get; } = new();

    /// <summary>Whether signals are heard, as far as is known.</summary>
    internal bool IsOpen => _opening is { IsCompletedSuccessfully: true } && _lost.Length == 0;

    /// <summary>Begins to hear, if that has not been done.</summary>
    /// <exception cref="BusException">The bus or systemd is not there.</exception>
    internal async Task OpenAsync(CancellationToken cancel)
    {
        Task opening;
        lock (_gate)
        {
            if (_opening is null or { IsFaulted: true } or { IsCanceled: true }) _opening = OpenAsync();
            opening = _opening;
        }

        await opening.WaitAsync(cancel);
        if (_lost is { Length: > 0 } error) throw new BusException(error);
    }

    /// <summary>Tells a listener of what happens to the unit at a path, until it is removed.</summary>
    internal void Add(string path, IUnitListener listener)
    {
        lock (_gate)
        {
            if (!_listeners.TryGetValue(path, out var list)) _listeners.Add(path, list = []);
            if (!list.Contains(listener)) list.Add(listener);
        }
    }

    internal void Remove(string path, IUnitListener listener)
    {
        lock (_gate)
        {
            if (_listeners.TryGetValue(path, out var list) && list.Remove(listener) && list.Count == 0) _listeners.Remove(path);
        }
    }

    /// <summary>Any unit may have changed.</summary>
    internal void TellAll()
    {
        foreach (var listener in All()) listener.AnyChanged();
    }

    internal void TellLost(string error)
    {
        foreach (var listener in All()) listener.Lost(error);
    }

    private async Task OpenAsync()
    {
        await Task.Yield(); // the caller holds the gate
        Close();
        try
        {
            _ears.Add(await bus.ListenAsync(Owner, new Ear(OnOwner, OnLost, OnBack), CancellationToken.None));
            _ears.Add(await bus.ListenAsync(Everything, new Ear(OnSignal, static _ => { }, static () => { }), CancellationToken.None));
            await SubscribeAsync();
            _lost = "";
        }
        catch (BusException error)
        {
            Close();
            throw error.IsUnreachable ? error : new BusException($"cannot reach systemd over {bus.Words}: {error.Message}", error.Name, error);
        }
    }

    private void Close()
    {
        foreach (var ear in _ears) ear.Dispose();
        _ears.Clear();
    }

    private async Task SubscribeAsync()
    {
        try
        {
            await bus.CallAsync(new BusCall(Systemd.Service, Systemd.Root, Systemd.Service + ".Manager", "Subscribe"), CancellationToken.None);
        }
        catch (BusException error) when (error.Name == Systemd.Service + ".AlreadySubscribed")
        {
            // It kept the subscription, which is as good.
        }
    }

    private void OnSignal(BusSignal signal)
    {
        switch (signal.Member)
        {
            case "PropertiesChanged" when signal.Body.Text(0) == Systemd.Service + ".Unit":
                Tell(signal.Path);
                break;
            case "UnitNew" or "UnitRemoved":
                Tell(signal.Body.Text(1));
                break;
            case "JobRemoved":
                Jobs.Ended(signal.Body.Text(1), signal.Body.Text(3));
                Tell(UnitName.PathOf(signal.Body.Text(2)));
                break;
            case "UnitFilesChanged":
            case "Reloading" when !signal.Body.Flag(0):
                TellAll();
                break;
            default:
                break;
        }
    }

    private void OnOwner(BusSignal signal)
    {
        Jobs.Lost(new BusException("systemd went away while a job ran"));
        if (signal.Body.Text(2).Length > 0) OnBack();
    }

    private void OnLost(string error)
    {
        _lost = error;
        Jobs.Lost(new BusException(error));
        TellLost(error);
    }

    private void OnBack() => _ = ComeBackAsync();

    private async Task ComeBackAsync()
    {
        try
        {
            await SubscribeAsync();
            _lost = "";
            TellAll();
        }
        catch (BusException error)
        {
            // The next sign of life, or the next one who opens, tries again.
            _lost = $"cannot hear of units: {error.Message}";
            lock (_gate) _opening = null;
            TellLost(_lost);
        }
    }

    private void Tell(string path)
    {
        IUnitListener[] told;
        lock (_gate) told = _listeners.TryGetValue(path, out var list) ? [.. list] : [];
        foreach (var listener in told) listener.Changed();
    }

    private HashSet<IUnitListener> All()
    {
        lock (_gate) return [.. _listeners.Values.SelectMany(static list => list)];
    }

    private sealed class Ear(Action<BusSignal> heard, Action<string> lost, Action back) : IBusListener
    {
        public void Heard(BusSignal signal) => heard(signal);

        public void Lost(string error) => lost(error);

        public void Back() => back();
    }
}
