using System.Diagnostics.CodeAnalysis;
using Mgmt.Store.Watches;

namespace Mgmt.Mesh.Api.Watches;

/// <summary>The watches of one stream, by the id that its client knows and by what the store calls them.</summary>
internal sealed class WatchTable
{
    private readonly Dictionary<long, StreamWatch> _byId = [];
    private readonly Dictionary<Watcher, StreamWatch> _byWatcher = [];
    private long _next;

    public int Count => _byId.Count;

    /// <summary>Those that are still told something.</summary>
    public IEnumerable<StreamWatch> Live => _byWatcher.Values;

    public bool Has(long id) => _byId.ContainsKey(id);

    /// <summary>The id for a watch whose client chose none: as in etcd, the numbers from 0 on, those in use passed over.</summary>
    public long NextId()
    {
        while (_byId.ContainsKey(_next)) _next++;
        return _next++;
    }

    public void Add(StreamWatch watch)
    {
        _byId.Add(watch.Id, watch);
        _byWatcher.Add(watch.Watcher, watch);
    }

    public bool TryFind(long id, [MaybeNullWhen(false)] out StreamWatch watch) => _byId.TryGetValue(id, out watch);

    public bool TryFind(Watcher watcher, [MaybeNullWhen(false)] out StreamWatch watch) => _byWatcher.TryGetValue(watcher, out watch);

    /// <summary>It is told nothing more, and its id stays taken.</summary>
    public void Silence(StreamWatch watch) => _byWatcher.Remove(watch.Watcher);

    public void Remove(StreamWatch watch)
    {
        _byWatcher.Remove(watch.Watcher);
        _byId.Remove(watch.Id);
    }
}
