using Mgmt.Engine.Kinds;

namespace Mgmt.Resources.Svc;

/// <summary>
/// The watch of one unit, between systemd's signals and the runner. After a step that failed it rests.
/// </summary>
internal sealed class UnitWatch : IUnitListener, IAsyncDisposable
{
    private static readonly TimeSpan FirstRest = TimeSpan.FromSeconds(1), LongestRest = TimeSpan.FromSeconds(10);

    private readonly UnitSignals _signals;
    private readonly string _path;
    private readonly IWatchSink _sink;
    private readonly FailureRest _rest;
    private string _alsoAt = "";

    private UnitWatch(UnitSignals signals, string path, IWatchSink sink, TimeProvider time)
    {
        (_signals, _path, _sink) = (signals, path, sink);
        _rest = new FailureRest(FirstRest, LongestRest, time, AnyChanged);
    }

    /// <summary>Begins to tell the sink.</summary>
    internal static UnitWatch Open(UnitSignals signals, string path, IWatchSink sink, TimeProvider time)
    {
        var watch = new UnitWatch(signals, path, sink, time);
        signals.Add(path, watch);
        return watch;
    }

    /// <summary>Hears of another path too: the unit's name is an alias, and its object is that of its own name.</summary>
    internal void Follow(string other)
    {
        if (other == _path || other == _alsoAt) return;
        if (_alsoAt.Length > 0) _signals.Remove(_alsoAt, this);
        _signals.Add(_alsoAt = other, this);
    }

    /// <summary>Tells nothing of the unit for a while, longer after each failure, and then has it checked.</summary>
    internal void Rest() => _rest.Begin();

    /// <summary>The last failure is over.</summary>
    internal void Recover() => _rest.End();

    public void Changed()
    {
        if (!_rest.IsOn) _sink.Changed();
    }

    // What people do to unit files may be the cure.
    public void AnyChanged() => _sink.Changed();

    public void Lost(string error) => _sink.Ended(error);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _signals.Remove(_path, this);
        if (_alsoAt.Length > 0) _signals.Remove(_alsoAt, this);
        return _rest.DisposeAsync();
    }
}
