namespace Mgmt.Resources.Svc;

/// <summary>Who listens to which unit, by the unit's object path.</summary>
internal sealed class UnitListeners
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<IUnitListener>> _listeners = new(StringComparer.Ordinal);

    internal bool IsEmpty
    {
        get
        {
            lock (_gate) return _listeners.Count == 0;
        }
    }

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

    /// <summary>Something about one unit changed.</summary>
    internal void Tell(string path)
    {
        IUnitListener[] told;
        lock (_gate) told = _listeners.TryGetValue(path, out var list) ? [.. list] : [];
        foreach (var listener in told) listener.Changed();
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

    private HashSet<IUnitListener> All()
    {
        lock (_gate) return [.. _listeners.Values.SelectMany(static list => list)];
    }
}
