using Mgmt.Store.Machine;
using Mgmt.Store.Wire;

namespace Mgmt.Store.Home;

/// <summary>Reads a whole home and holds every document against its checksum, its place, and the sum of all.</summary>
internal sealed class HomeContents
{
    private ulong _sum;
    private int _documents;

    public Shelves Shelves { get; } = new();

    public HomeMark Mark { get; private set; } = null!;

    public StoreView View { get; private set; } = null!;

    /// <summary>Reads it all. Answers what is wrong, or nothing.</summary>
    public string Load(HomeDatabase database)
    {
        var marks = database.Read(Shelf.Mark).ToList();
        if (marks.Count != 1 || HomeMark.Read(marks[0]) is not { } mark) return "the mark of its state is missing or broken";
        Mark = mark;
        var loader = new StateLoader(mark.State);
        foreach (var alarm in mark.Alarms) loader.AddAlarm(alarm);
        var problem = First(() => LoadLeases(database, loader), () => LoadMembers(database, loader), () => LoadPages(database, loader), () => LoadEvents(database, loader), CheckSum);
        if (problem.Length > 0) return problem;
        if (loader.Finish() is not { } view) return loader.Problem;
        View = view;
        return "";
    }

    private static string First(params ReadOnlySpan<Func<string>> steps)
    {
        foreach (var step in steps)
        {
            if (step() is { Length: > 0 } problem) return problem;
        }

        return "";
    }

    private string CheckSum() => _documents == Mark.Documents && _sum == Mark.Sum ? ""
        : $"{_documents} documents are there and {Mark.Documents} should be, or they are not all of one time";

    private string LoadLeases(HomeDatabase database, StateLoader loader)
    {
        foreach (var document in database.Read(Shelf.Leases))
        {
            if (!TryCount(document, out var reader)) return Broken(document);
            var lease = RecordCodec.ReadLease(ref reader);
            if (!reader.IsDone || lease.Id != document.Id) return Broken(document);
            loader.AddLease(lease);
            if (loader.Problem.Length > 0) return loader.Problem;
            Shelves.Leases.Add(document, lease.Id, lease);
        }

        return "";
    }

    private string LoadMembers(HomeDatabase database, StateLoader loader)
    {
        foreach (var document in database.Read(Shelf.Members))
        {
            if (!TryCount(document, out var reader)) return Broken(document);
            var member = RecordCodec.ReadMember(ref reader);
            if (!reader.IsDone || member.Id != (ulong)document.Id) return Broken(document);
            loader.AddMember(member);
            if (loader.Problem.Length > 0) return loader.Problem;
            Shelves.Members.Add(document, member.Id, member);
        }

        return "";
    }

    private string LoadPages(HomeDatabase database, StateLoader loader)
    {
        foreach (var document in database.Read(Shelf.Pages))
        {
            if (!TryCount(document, out var reader)) return Broken(document);
            Bytes? first = null;
            while (reader.Left > 0)
            {
                var one = RecordCodec.Read(ref reader);
                first ??= one.Key;
                loader.AddBase(one);
            }

            if (!reader.IsDone || first is null || loader.Problem.Length > 0) return Broken(document) + Because(loader);
            Shelves.Pages.Add(document, first.Value);
        }

        Shelves.Pages.Sort();
        return "";
    }

    private string LoadEvents(HomeDatabase database, StateLoader loader)
    {
        Shelves.Events.StartAt(Mark.State.FirstEvent);
        foreach (var document in database.Read(Shelf.Events))
        {
            if (!TryCount(document, out var reader)) return Broken(document);
            var (number, revision) = (document.Id, 0L);
            for (; reader.Left > 0; number++)
            {
                var one = RecordCodec.ReadEvent(ref reader);
                revision = one.Revision;

                // A document is kept as long as one event of it is.
                if (number >= Mark.State.FirstEvent) loader.AddEvent(one);
            }

            if (!reader.IsDone || loader.Problem.Length > 0) return Broken(document) + Because(loader);
            Shelves.Events.Add(document, (int)(number - document.Id), revision);
        }

        return "";
    }

    private bool TryCount(HomeDocument document, out WireReader reader)
    {
        _documents++;
        _sum += document.Share;
        return document.TryOpen(out reader);
    }

    private static string Because(StateLoader loader) => loader.Problem.Length > 0 ? ": " + loader.Problem : "";

    internal static string Broken(HomeDocument document) => $"document {document.Id} of {document.Shelf.ToString().ToLowerInvariant()} is not what was written";
}
