using Mgmt.Engine.Kinds;

namespace Mgmt.Agent.Exchange;

/// <summary>A sheet as the store holds it.</summary>
/// <param name="Bytes">Its bytes.</param>
/// <param name="Since">The revision at which its key was made.</param>
internal sealed record StoredSheet(ReadOnlyMemory<byte> Bytes, long Since);

/// <summary>
/// The sheets of all peers. Each is read when it is first asked for, and once; of one that cannot be read the last version that could stays, as nobody took that back.
/// </summary>
/// <param name="kinds">The kinds that this program knows.</param>
internal sealed class SheetShelf(IReadOnlyList<Kind> kinds)
{
    private static readonly SheetOffers Nothing = new([], []);

    private readonly Dictionary<string, Kind> _kinds = kinds.ToDictionary(static one => one.Name, StringComparer.Ordinal);
    private readonly Dictionary<SheetKey, Entry> _entries = [];
    private readonly List<string> _overLimits = [];

    /// <summary>What is worth to be remembered: of each sheet the last version that could be read, or has not been yet.</summary>
    public IReadOnlyDictionary<SheetKey, StoredSheet> Sheets => _entries.ToDictionary(static one => one.Key, static one => one.Value.Readable ?? one.Value.Latest);

    /// <summary>Takes the place of all sheets before.</summary>
    public void Put(IReadOnlyDictionary<SheetKey, StoredSheet> sheets)
    {
        _overLimits.Clear();
        var kept = new HashSet<SheetKey>();
        var total = 0L;
        foreach (var host in sheets.GroupBy(static one => one.Key.Host, StringComparer.Ordinal).OrderBy(static host => host.Min(static one => one.Value.Since)).ThenBy(static host => host.Key, StringComparer.Ordinal))
        {
            var bytes = host.Sum(static one => (long)one.Value.Bytes.Length);
            if (bytes > ExchangeLimits.Bytes) _overLimits.Add($"cannot collect from {host.Key}: it exports {bytes} bytes, and {ExchangeLimits.Bytes} are the most of one host");
            else if ((total += bytes) > ExchangeLimits.CollectedBytes) _overLimits.Add($"cannot collect from {host.Key}: all hosts together export more than {ExchangeLimits.CollectedBytes >> 20} MiB");
            else
            {
                foreach (var (key, sheet) in host) Put(key, sheet);
                kept.UnionWith(host.Select(static one => one.Key));
            }
        }

        foreach (var gone in _entries.Keys.Except(kept).ToList()) _entries.Remove(gone);
    }

    /// <summary>All that can be collected of some kinds, in the order of hosts.</summary>
    /// <param name="wanted">The kinds' names.</param>
    /// <param name="complaints">Takes whole sentences about what cannot be.</param>
    public IReadOnlyList<Offer> Offers(IReadOnlySet<string> wanted, List<string> complaints)
    {
        complaints.AddRange(_overLimits);
        var offers = new List<Offer>();
        foreach (var host in _entries.GroupBy(static one => one.Key.Host, StringComparer.Ordinal).OrderBy(static one => one.Key, StringComparer.Ordinal))
        {
            var own = new List<Offer>();
            foreach (var (key, entry) in host.OrderBy(static one => one.Key.Kind, StringComparer.Ordinal))
            {
                if (!_kinds.TryGetValue(key.Kind, out var kind)) complaints.Add($"cannot collect resources of the kind {Words.Short(key.Kind)}: this version of mgmt does not know it");
                else if (wanted.Contains(key.Kind)) own.AddRange(Read(entry, key, kind, complaints).Offers);
            }

            if (own.Count > ExchangeLimits.Resources) complaints.Add($"cannot collect all of {host.Key}: it exports {own.Count} resources, and the first {ExchangeLimits.Resources} are taken");
            offers.AddRange(own.Take(ExchangeLimits.Resources));
        }

        return offers;
    }

    private void Put(SheetKey key, StoredSheet sheet)
    {
        if (!_entries.TryGetValue(key, out var entry)) _entries.Add(key, new Entry(sheet));
        else if (!ReferenceEquals(entry.Latest, sheet) && (!entry.Latest.Bytes.Span.SequenceEqual(sheet.Bytes.Span) || entry.Latest.Since != sheet.Since)) entry.Renew(sheet);
    }

    private static SheetOffers Read(Entry entry, SheetKey key, Kind kind, List<string> complaints)
    {
        if (!entry.IsRead)
        {
            var (sheet, problem) = SheetCodec.Read(entry.Latest.Bytes.Span);
            entry.WasRead(sheet is null ? null : SheetOffers.Of(sheet, key.Host, kind, entry.Latest.Since), problem);
        }

        if (entry.Problem.Length > 0)
            complaints.Add($"cannot read what {key.Host} exports of the kind {key.Kind}: {Words.Short(entry.Problem, 300)}{(entry.Offers is null ? "" : "; what it exported before stays")}");
        complaints.AddRange(entry.Offers?.Complaints ?? []);
        return entry.Offers ?? Nothing;
    }

    private sealed class Entry(StoredSheet latest)
    {
        public StoredSheet Latest { get; private set; } = latest;

        public StoredSheet? Readable { get; private set; }

        public SheetOffers? Offers { get; private set; }

        public string Problem { get; private set; } = "";

        public bool IsRead { get; private set; }

        public void Renew(StoredSheet sheet) => (Latest, IsRead) = (sheet, false);

        public void WasRead(SheetOffers? offers, string problem)
        {
            (IsRead, Problem) = (true, problem);
            if (offers is not null) (Offers, Readable) = (offers, Latest);
        }
    }
}
