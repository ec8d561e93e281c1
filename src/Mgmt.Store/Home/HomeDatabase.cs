using LiteDB;
using LiteDB.Engine;

namespace Mgmt.Store.Home;

/// <summary>
/// The database, by documents of two fields and without LiteDB's mapper: an id and bytes. Whatever it finds wrong it throws, in whichever way: its caller
/// takes every exception for damage.
/// </summary>
internal sealed class HomeDatabase : IDisposable
{
    private const string BytesField = "b";
    private readonly LiteEngine _engine;

    public HomeDatabase(string path, bool isReadOnly = false)
    {
        if (!isReadOnly) HomeFile.KeepPrivate(path);
        _engine = new(new EngineSettings { Filename = path, ReadOnly = isReadOnly });
    }

    /// <summary>The documents of a shelf in the order of their ids.</summary>
    public IEnumerable<HomeDocument> Read(Shelf shelf)
    {
        using var reader = _engine.Query(NameOf(shelf), new Query());
        while (reader.Read())
        {
            var document = reader.Current.AsDocument;
            if (!document["_id"].IsInt64 || !document[BytesField].IsBinary) throw new InvalidDataException($"document {document["_id"]} of {NameOf(shelf)} is none of a store");
            yield return new(shelf, document["_id"].AsInt64, document[BytesField].AsBinary);
        }
    }

    /// <summary>Writes and removes, all or nothing. It is on the disk for sure only after the next <see cref="Checkpoint"/>.</summary>
    public void Commit(Batch batch)
    {
        _engine.BeginTrans();
        try
        {
            foreach (var shelf in batch.Removed.GroupBy(static one => one.Shelf)) _engine.Delete(NameOf(shelf.Key), shelf.Select(static one => new BsonValue(one.Id)));
            foreach (var shelf in batch.Written.GroupBy(static one => one.Shelf)) _engine.Upsert(NameOf(shelf.Key), shelf.Select(ToBson), BsonAutoId.Int64);
            _engine.Commit();
        }
        catch
        {
            // What the engine makes of a failed transaction is not to be trusted; the caller gives the database up.
            _engine.Rollback();
            throw;
        }
    }

    /// <summary>Takes the log into the file and flushes it to the disk.</summary>
    public void Checkpoint() => _engine.Checkpoint();

    public void Dispose()
    {
        FailedTransactions.CallOffFinalizers(_engine);
        _engine.Dispose();
    }

    private static BsonDocument ToBson(HomeDocument document) => new() { ["_id"] = document.Id, [BytesField] = document.Bytes };

    private static string NameOf(Shelf shelf) => shelf switch
    {
        Shelf.Identity => "identity",
        Shelf.Mark => "mark",
        Shelf.Pages => "pages",
        Shelf.Events => "events",
        Shelf.Leases => "leases",
        _ => "members",
    };
}
