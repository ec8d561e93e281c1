namespace Mgmt.Robustness.Histories;

/// <summary>What a client asked of a key.</summary>
internal enum Act
{
    /// <summary>Read it.</summary>
    Read,

    /// <summary>Write it, and tell what was there.</summary>
    Put,

    /// <summary>Write it if it is as expected, and tell what was there.</summary>
    Swap,

    /// <summary>Delete it, and tell what was there.</summary>
    Delete,
}

/// <summary>What the client knows of what became of it.</summary>
internal enum Outcome
{
    /// <summary>It was done.</summary>
    Done,

    /// <summary>It was not done and never will be.</summary>
    Refused,

    /// <summary>It was done, or will be, or never.</summary>
    Unknown,
}

/// <summary>One request of one client to one key, as that client saw it. No two requests write the same value.</summary>
/// <param name="Act">What was asked.</param>
/// <param name="Key">Of which key.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Invoked">When it was sent, in ticks of one clock.</param>
/// <param name="Completed">When the answer was there.</param>
internal sealed record Operation(Act Act, string Key, Outcome Outcome, long Invoked, long Completed)
{
    /// <summary>What it writes; null deletes.</summary>
    public string? Value { get; init; }

    /// <summary>What a swap expects; null is no key.</summary>
    public string? Expected { get; init; }

    /// <summary>What it found before it did anything, when it was done; null is no key.</summary>
    public string? Seen { get; init; }

    /// <summary>The store's revision after it, by its answer.</summary>
    public long Revision { get; init; }

    /// <summary>Who sent it to whom, and what came of it, for whoever reads a failure.</summary>
    public string Note { get; init; } = "";

    /// <summary>Whether it changed the key, given that it was done.</summary>
    public bool Wrote => Act switch
    {
        Act.Put => true,
        Act.Swap => Seen == Expected,
        Act.Delete => Seen is not null,
        _ => false,
    };

    /// <summary>Whether it can have changed the key.</summary>
    public bool MayHaveWritten => Outcome == Outcome.Unknown ? Act != Act.Read : Outcome == Outcome.Done && Wrote;

    /// <inheritdoc/>
    public override string ToString() => $"[{Invoked}, {(Outcome == Outcome.Unknown ? "?" : Completed)}] {Note} {Act} {Key}" + Act switch
    {
        Act.Put => $" := {Value}",
        Act.Swap => $" {Expected ?? "nothing"} -> {Value}",
        _ => "",
    } + (Outcome == Outcome.Done ? $" saw {Seen ?? "nothing"} at revision {Revision}" : $" {Outcome}");
}
