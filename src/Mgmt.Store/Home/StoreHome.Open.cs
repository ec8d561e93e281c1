using System.Diagnostics.CodeAnalysis;
using Mgmt.Store.Machine;

namespace Mgmt.Store.Home;

/// <summary>Opening, creating, and looking whether all is still there.</summary>
public sealed partial class StoreHome
{
    /// <summary>Opens the home and loads its state, or says what is there instead. Nothing that is wrong is repaired or overwritten.</summary>
    /// <param name="path">The database's file.</param>
    /// <param name="identity">Whose it has to be.</param>
    [SuppressMessage("Reliability", "CA2000", Justification = "The home that is opened owns it; otherwise it is discarded.")]
    public static HomeOpening Open(string path, HomeIdentity identity)
    {
        path = Path.GetFullPath(path);
        HomeDatabase? database = null;
        HomeOpening? opening = null;
        try
        {
            if (HomeFile.IsMissing(path)) return opening = new HomeOpening.Missing();
            if (HomeFile.Problem(path) is { Length: > 0 } problem) return opening = Damaged(path, problem);
            database = new HomeDatabase(path);
            return opening = Open(path, identity, database);
        }
        catch (Exception e)
        {
            // Damage makes LiteDB fail in many ways; all of them mean that the state is to come from elsewhere.
            return Damaged(path, e.Message.TrimEnd('.'));
        }
        finally
        {
            if (opening is not HomeOpening.Opened) Discard(database);
        }
    }

    /// <summary>Writes a new home with this state in the place of whatever is there. Until it is complete, the old one stays.</summary>
    public static StoreHome Create(string path, HomeIdentity identity, StoreView view)
    {
        path = Path.GetFullPath(path);
        var fresh = path + ".new";
        HomeFile.Delete(fresh);
        using (var database = new HomeDatabase(fresh))
        {
            using var home = new StoreHome(fresh, identity, database, StoreView.Empty(view.Cluster), new(StateMark.Of(StoreView.Empty(view.Cluster)), [], 0, 0), new());
            var batch = new Batch();
            batch.Written.Add(IdentityDocument.Of(identity));
            database.Commit(batch);
            home.WriteAll(view);
            if (home.Checkpoint() is { Length: > 0 } failure) throw new IOException(failure);
        }

        // First the old log goes, lest it be taken into the new file.
        File.Delete(HomeFile.LogOf(path));
        File.Move(fresh, path, overwrite: true);
        return Open(path, identity) is HomeOpening.Opened opened ? opened.Home : throw new IOException($"cannot read back the store's home {path} just written; see that its disk is sound");
    }

    /// <summary>Reads every document from the files, past all caches, and holds it against its checksum and the sum of all.</summary>
    public ScrubReport Scrub()
    {
        var problems = new List<string>();
        if (Checkpoint() is { Length: > 0 } failure) problems.Add(failure);
        var (documents, bytes, sum) = (0, 0L, 0UL);
        try
        {
            using var database = new HomeDatabase(_path, isReadOnly: true);
            if (!database.Read(Shelf.Identity).Any(one => IdentityDocument.TryRead(one, out _, out var found) && found == _identity)) problems.Add("the identity is missing or broken");
            if (!database.Read(Shelf.Mark).Any(one => one.Bytes.AsSpan().SequenceEqual(_mark.ToDocument().Bytes))) problems.Add("the mark of its state is missing or broken");
            foreach (var document in new[] { Shelf.Leases, Shelf.Members, Shelf.Pages, Shelf.Events }.SelectMany(database.Read))
            {
                (documents, bytes, sum) = (documents + 1, bytes + document.Bytes.Length, sum + document.Share);
                if (!document.TryOpen(out _) && problems.Count < 99) problems.Add(HomeContents.Broken(document));
            }
        }
        catch (Exception e)
        {
            // As when opening: any failure is damage.
            problems.Add($"reading stopped after {documents} documents: {e.Message}");
        }

        if (problems.Count == 0 && (documents, sum) != (_mark.Documents, _mark.Sum)) problems.Add($"{documents} documents are there and {_mark.Documents} should be, or they are not all of one time");
        return new(documents, bytes, problems);
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The answer owns it.")]
    private static HomeOpening Open(string path, HomeIdentity identity, HomeDatabase database)
    {
        var identities = database.Read(Shelf.Identity).ToList();
        if (identities.Count != 1 || !IdentityDocument.TryRead(identities[0], out var format, out var found)) return Damaged(path, "it does not say whose it is");
        if (format != IdentityDocument.Format) return new HomeOpening.Newer(format, $"cannot open the store's home {path} of format {format}: this program knows format {IdentityDocument.Format}; run a newer one");
        if (found != identity) return new HomeOpening.Foreign(found, $"cannot open the store's home {path}: it belongs to {found}, this is {identity}; move it away, or name the right prefix");
        var contents = new HomeContents();
        if (contents.Load(database) is { Length: > 0 } problem) return Damaged(path, problem);
        if (contents.View.Cluster != identity.Cluster) return Damaged(path, "its state is of another cluster");

        // What was found in LiteDB's log may not be on the disk yet.
        database.Checkpoint();
        return new HomeOpening.Opened(new(path, identity, database, contents), contents.View);
    }

    private void WriteAll(StoreView view)
    {
        var batch = new Batch();
        _shelves.Pages.Update(view, KeptRecords.Base(view).Select(static one => one.Key).Order(), batch);
        _shelves.Events.StartAt(view.Log.First);
        _shelves.Update(View, view, batch);
        _mark = new(StateMark.Of(view), view.AlarmList, batch.Growth, batch.Change);
        batch.Written.Add(_mark.ToDocument());
        _database.Commit(batch);
        View = view;
    }

    private static HomeOpening.Damaged Damaged(string path, string problem) =>
        new($"cannot trust the store's home {path}: {problem}; it is to be rebuilt from the log or from a peer");

    private static void Discard(HomeDatabase? database)
    {
        try
        {
            database?.Dispose();
        }
        catch (Exception)
        {
            // Closing a damaged database may fail as reading it did; there is nothing left to lose.
        }
    }
}
