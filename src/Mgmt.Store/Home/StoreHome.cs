using Mgmt.Store.Machine;

namespace Mgmt.Store.Home;

/// <summary>
/// Where a voter keeps its applied state, in one LiteDB database. It is written in batches behind the machine; each transaction moves the state and the index
/// that it stands at together. Belongs to one thread. After a failed write it takes no more: replace it by <see cref="Create"/>.
/// </summary>
public sealed partial class StoreHome : IDisposable
{
    private readonly string _path;
    private readonly HomeIdentity _identity;
    private readonly HomeDatabase _database;
    private readonly Shelves _shelves;
    private HomeMark _mark;
    private string _failure = "";

    private StoreHome(string path, HomeIdentity identity, HomeDatabase database, StoreView view, HomeMark mark, Shelves shelves)
    {
        (_path, _identity, _database, View, _mark, _shelves) = (path, identity, database, view, mark, shelves);
    }

    private StoreHome(string path, HomeIdentity identity, HomeDatabase database, HomeContents contents)
        : this(path, identity, database, contents.View, contents.Mark, contents.Shelves) => SafeIndex = contents.View.Index;

    /// <summary>The state that is written.</summary>
    public StoreView View { get; private set; }

    /// <summary>Up to this log index the state is on the disk whatever happens; entries behind it are to be kept in the log.</summary>
    public long SafeIndex { get; private set; }

    /// <summary>Writes a later state of the same history. Answers what went wrong, or nothing.</summary>
    public string Flush(StoreView view)
    {
        if (view.Cluster != View.Cluster || view.Index < View.Index || view.Log.Next < View.Log.Next) throw new ArgumentException($"state {view.Index} does not follow {View.Index}", nameof(view));
        if (ReferenceEquals(view, View)) return _failure;
        return Try(() =>
        {
            var batch = BatchFor(view);
            var mark = new HomeMark(StateMark.Of(view), view.AlarmList, _mark.Documents + batch.Growth, _mark.Sum + batch.Change);
            batch.Written.Add(mark.ToDocument());
            _database.Commit(batch);
            (View, _mark) = (view, mark);
        });
    }

    /// <summary>Makes sure that what was flushed is on the disk, and moves <see cref="SafeIndex"/>. Answers what went wrong, or nothing.</summary>
    public string Checkpoint() => Try(() =>
    {
        _database.Checkpoint();
        SafeIndex = View.Index;
    });

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();

    private Batch BatchFor(StoreView view)
    {
        var batch = new Batch();
        if (view.CompactRevision > View.CompactRevision) _shelves.Pages.Update(view, ChangedKeys.Between(View, view), batch);
        _shelves.Update(View, view, batch);
        return batch;
    }

    // LiteDB fails in many ways, and after any of them what it holds is in doubt: the home is given up.
    private string Try(Action action)
    {
        if (_failure.Length > 0) return _failure;
        try
        {
            action();
        }
        catch (Exception e)
        {
            _failure = $"cannot write the store's home {_path}: {e.Message.TrimEnd('.')}; see that its disk has room and is sound, then it is written anew";
        }

        return _failure;
    }
}
