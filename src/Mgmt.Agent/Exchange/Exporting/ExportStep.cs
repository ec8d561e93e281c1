namespace Mgmt.Agent.Exchange;

/// <summary>What an exporter does next.</summary>
internal abstract record ExportStep
{
    /// <summary>Nothing: the store holds what it should, or nothing is known of it yet.</summary>
    public sealed record Rest : ExportStep;

    /// <summary>Ask for how long a lease was granted: keys of an earlier run hang on it.</summary>
    public sealed record Ask(long Lease) : ExportStep;

    /// <summary>Make a lease.</summary>
    public sealed record Grant : ExportStep;

    /// <summary>Write; all at once.</summary>
    /// <param name="Change">What.</param>
    /// <param name="Outdated">A lease that nothing hangs on any more then; 0 is none.</param>
    public sealed record Write(StoreChange Change, long Outdated) : ExportStep;
}

/// <summary>What an exporter knows.</summary>
/// <param name="Host">This host's name.</param>
/// <param name="Grace">How long exports outlive the agent.</param>
/// <param name="Wanted">What should be in the store; null while no definition said so.</param>
/// <param name="Stored">What is there under this host's name; null while it is not known.</param>
/// <param name="Lease">The lease for the keys; 0 is that there is none yet.</param>
/// <param name="Refused">A lease of an earlier run that is gone or was granted for another time; 0 is none.</param>
internal sealed record ExportState(string Host, TimeSpan Grace, ExportSet? Wanted, PrefixView? Stored, long Lease, long Refused)
{
    /// <summary>What to do next: a pure function.</summary>
    public ExportStep Next()
    {
        if (Wanted is null || Stored is null) return new ExportStep.Rest();
        var outdated = Stored.Values.Values.Select(static one => one.Lease).FirstOrDefault(one => one != 0 && (one != Lease || Wanted.Sheets.Count == 0));
        var deletes = Stored.Values.Keys.Where(key => !Wanted.Sheets.ContainsKey(KindOf(key))).Order(StringComparer.Ordinal).ToList();
        if (Lease == 0 && Wanted.Sheets.Count > 0) return outdated != 0 && outdated != Refused ? new ExportStep.Ask(outdated) : new ExportStep.Grant();
        var puts = Wanted.Sheets.Where(one => !IsStored(one.Key, one.Value)).ToDictionary(one => new SheetKey(Host, one.Key).ToString(), static one => one.Value);
        return puts.Count + deletes.Count == 0 ? new ExportStep.Rest() : new ExportStep.Write(new StoreChange(puts, Lease, deletes), outdated);
    }

    /// <summary>What is known after a lease's time was asked for.</summary>
    public ExportState WithAnswer(long lease, TimeSpan granted) => granted == Grace ? this with { Lease = lease } : this with { Refused = lease };

    /// <summary>What is known after a transaction was done.</summary>
    public ExportState WithWritten(StoreChange change, long revision)
    {
        var values = Stored!.Values.RemoveRange(change.Deletes);
        foreach (var (key, bytes) in change.Puts)
        {
            var since = values.TryGetValue(key, out var before) ? before.Since : revision;
            values = values.SetItem(key, new StoredValue(bytes, change.Lease, since));
        }

        return this with { Stored = new PrefixView(values, revision), Lease = values.IsEmpty ? 0 : Lease };
    }

    /// <summary>What is known after a view came; one that is older than what was written since is of no use.</summary>
    public ExportState WithView(PrefixView view) => Stored is { } known && view.Revision < known.Revision ? this : this with { Stored = view };

    private bool IsStored(string kind, byte[] bytes) =>
        Stored!.Values.TryGetValue(new SheetKey(Host, kind).ToString(), out var there) && there.Lease == Lease && there.Bytes.Span.SequenceEqual(bytes);

    private string KindOf(string key) => key[SheetKey.Of(Host).Length..];
}
