using Mgmt.Engine.Kinds;

namespace Mgmt.Resources.Svc;

/// <summary>The watch of one unit, between systemd's signals and the runner.</summary>
internal sealed class UnitWatch(UnitSignals signals, string path, IWatchSink sink) : IUnitListener, IAsyncDisposable
{
    private string _alsoAt = "";

    internal void Open() => signals.Add(path, this);

    /// <summary>Hears of another path too: the unit's name is an alias, and its object is that of its own name.</summary>
    internal void Follow(string other)
    {
        if (other == path || other == _alsoAt) return;
        if (_alsoAt.Length > 0) signals.Remove(_alsoAt, this);
        signals.Add(_alsoAt = other, this);
    }

    public void Changed() => sink.Changed();

    public void Lost(string error) => sink.Ended(error);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        signals.Remove(path, this);
        if (_alsoAt.Length > 0) signals.Remove(_alsoAt, this);
        return ValueTask.CompletedTask;
    }
}
