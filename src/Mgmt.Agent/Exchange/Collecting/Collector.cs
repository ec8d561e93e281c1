using Mgmt.Engine;
using Mgmt.Engine.Kinds;

namespace Mgmt.Agent.Exchange;

/// <summary>
/// Adds to this host's definition what it collects. Its own exports need nobody, so they are collected without a mesh as well. It begins with what is remembered, and the agent's loop calls it.
/// </summary>
/// <param name="host">This host's name: what the store holds under it is passed over, as the definition knows better.</param>
/// <param name="kinds">The kinds that this program knows.</param>
/// <param name="memory">What is remembered of the last run.</param>
/// <param name="warn">Hears of each thing that is wrong once, and again when it comes back.</param>
internal sealed class Collector(string host, IReadOnlyList<Kind> kinds, Remembered memory, Action<string> warn)
{
    private readonly SheetShelf _shelf = ShelfOf(kinds, memory);
    private Definition _definition = Definition.Empty;
    private OwnThings _own = new(Definition.Empty);
    private IReadOnlyList<Offer> _ownOffers = [];
    private IReadOnlyList<Collected> _taken = [];
    private Dictionary<Thing, string> _holders = memory.Holders.ToDictionary();
    private HashSet<string> _told = [];

    /// <summary>What the next run should remember.</summary>
    public Remembered Memory => new(_shelf.Sheets, _taken.Where(static one => one.IsContested).ToDictionary(static one => one.Thing, static one => one.Holder));

    /// <summary>How many resources are collected. Any thread may ask.</summary>
    public int Count => Volatile.Read(ref _taken).Count;

    /// <summary>The kinds that are collected.</summary>
    public static IReadOnlySet<string> Wanted(Definition definition) => definition.Collects.Select(static one => one.Kind).ToHashSet(StringComparer.Ordinal);

    /// <summary>Takes a new version of this host's own definition, and answers it with what is collected.</summary>
    /// <param name="definition">The host's own.</param>
    /// <param name="sheets">What peers export, as far as the mesh has told; null is that it has not yet.</param>
    public Definition Take(Definition definition, IReadOnlyDictionary<SheetKey, StoredSheet>? sheets)
    {
        (_definition, _own) = (definition, new OwnThings(definition));
        _ownOffers = definition.Collects.Count == 0 ? [] : [.. definition.Exports.Select(one => Offer.Own(host, one))];
        if (sheets is not null) Put(sheets);
        _taken = Choose();
        return Whole();
    }

    /// <summary>Takes what peers export now, and answers the definition with it; null when it comes to the same.</summary>
    public Definition? Take(IReadOnlyDictionary<SheetKey, StoredSheet> sheets)
    {
        Put(sheets);
        if (_definition.Collects.Count == 0) return null;
        var before = _taken;
        _taken = Choose();
        return _taken.Select(static one => one.Spec).SequenceEqual(before.Select(static one => one.Spec)) ? null : Whole();
    }

    private static SheetShelf ShelfOf(IReadOnlyList<Kind> kinds, Remembered memory)
    {
        var shelf = new SheetShelf(kinds);
        shelf.Put(memory.Sheets);
        return shelf;
    }

    private void Put(IReadOnlyDictionary<SheetKey, StoredSheet> sheets) => _shelf.Put(sheets.Where(one => one.Key.Host != host).ToDictionary());

    private Definition Whole() => _taken.Count == 0 ? _definition : _definition with { Resources = [.. _definition.Resources, .. _taken.Select(static one => one.Spec)] };

    private IReadOnlyList<Collected> Choose()
    {
        var complaints = new List<string>();
        IReadOnlyList<Collected> taken = [];
        if (_definition.Collects.Count > 0)
        {
            (taken, var refused) = Choice.Of(_definition.Collects, _own, _ownOffers.Concat(_shelf.Offers(Wanted(_definition), complaints)), _holders);
            complaints.AddRange(refused);
            _holders = taken.ToDictionary(static one => one.Thing, static one => one.Holder);
        }

        Tell(complaints);
        return taken;
    }

    private void Tell(List<string> complaints)
    {
        var now = complaints.ToHashSet(StringComparer.Ordinal);
        foreach (var complaint in complaints.Distinct().Where(one => !_told.Contains(one)).Take(ExchangeLimits.ComplaintsAtOnce)) warn(complaint);
        if (now.Except(_told).Count() is var news && news > ExchangeLimits.ComplaintsAtOnce) warn($"cannot collect {news - ExchangeLimits.ComplaintsAtOnce} more resources or sheets of peers, for such reasons");
        _told = now;
    }
}
