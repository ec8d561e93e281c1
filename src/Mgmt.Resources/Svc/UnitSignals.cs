using Mgmt.Linux.Bus;

namespace Mgmt.Resources.Svc;

/// <summary>Hands systemd's signals to those whom they concern. After each gap in them everybody is told to look.</summary>
internal sealed class UnitSignals : IFeedListener
{
    private readonly UnitListeners _listeners = new();

    internal UnitSignals(IBusConnection bus, TimeProvider time) => Feed = new SignalFeed(bus, time, () => !_listeners.IsEmpty, this);

    /// <summary>Raised when unit files changed or were read anew, by us or by anybody, or when that may have gone unheard.</summary>
    internal event Action? FilesChanged;

    /// <summary>Where the signals come from.</summary>
    internal SignalFeed Feed { get; }

    /// <summary>Ends of jobs.</summary>
    internal Jobs Jobs { get; } = new();

    /// <summary>Tells a listener of what happens to the unit at a path, until it is removed.</summary>
    internal void Add(string path, IUnitListener listener)
    {
        _listeners.Add(path, listener);
        Feed.Seek();
    }

    internal void Remove(string path, IUnitListener listener) => _listeners.Remove(path, listener);

    /// <summary>Files of any unit may have changed.</summary>
    internal void TellAll()
    {
        FilesChanged?.Invoke();
        _listeners.TellAll();
    }

    /// <summary>Changes of unit files are not seen any more.</summary>
    internal void TellLost(string error) => _listeners.TellLost(error);

    void IFeedListener.Opened() => TellAll();

    void IFeedListener.Heard(BusSignal signal)
    {
        switch (signal.Member)
        {
            case "PropertiesChanged" when signal.Body.Text(0) == Systemd.Service + ".Unit":
                _listeners.Tell(signal.Path);
                break;
            case "UnitNew" or "UnitRemoved":
                _listeners.Tell(signal.Body.Text(1));
                break;
            case "JobRemoved":
                Jobs.Ended(signal.Body.Text(1), signal.Body.Text(3));
                _listeners.Tell(UnitName.PathOf(signal.Body.Text(2)));
                break;
            case "UnitFilesChanged":
            case "Reloading" when !signal.Body.Flag(0):
                TellAll();
                break;
            default:
                break;
        }
    }

    void IFeedListener.Interrupted() => Jobs.Lost(new BusException("systemd went away while a job ran"));

    void IFeedListener.Lost(string error)
    {
        Jobs.Lost(new BusException(error));
        TellLost(error);
    }
}
