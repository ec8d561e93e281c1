namespace Mgmt.Engine.Kinds;

/// <summary>
/// A kind whose automatic edges depend on what the host says: a package's list of files, a unit's command line. It is asked once for each compilation, for all of its resources
/// together; what the fields alone say stays in <see cref="Kind.Tie"/>.
/// </summary>
public interface ISurveyor
{
    /// <summary>Raised, from any thread, when the next survey may have another answer: the bus is back, a package came, a unit file changed.</summary>
    event EventHandler? Outdated;

    /// <summary>Whether its resources are only ever tied to those of other kinds: where there are none, it is not asked.</summary>
    bool TiesOthersOnly => false;

    /// <summary>
    /// Asks the host. Changes nothing of it. What cannot be asked now is said in <see cref="Survey.Missing"/>, and the graph is compiled without it; only a cancelled token throws.
    /// </summary>
    /// <param name="own">The graph's resources of this kind, in the definition's order.</param>
    /// <param name="cancel">Ends the questions.</param>
    ValueTask<Survey> SurveyAsync(IReadOnlyList<ResourceSpec> own, CancellationToken cancel);
}

/// <summary>What a kind learned from the host for one compilation.</summary>
/// <param name="Ties">What its resources are tied to, beyond their fields. A resource of which nothing was learned is left out.</param>
/// <param name="Missing">Why the answer is not whole, a sentence that begins with "cannot"; null when it is.</param>
public sealed record Survey(IReadOnlyDictionary<Address, Ties> Ties, string? Missing = null)
{
    /// <summary>Nothing was learned, and nothing is missing.</summary>
    public static Survey Empty { get; } = new(new Dictionary<Address, Ties>());

    /// <summary>What was learned of how other resources, of whatever kind, are tied among themselves.</summary>
    public IReadOnlyList<Bond> Bonds { get; init; } = [];
}

/// <summary>Every resource that is one of the first comes before every one that is one of the others, though neither knows of it.</summary>
/// <param name="Before">Those that come first. Read only where somebody is one of the others.</param>
/// <param name="After">The others.</param>
/// <param name="Notify">Whether a change of the first delivers a refresh to the others.</param>
public sealed record Bond(IEnumerable<Identity> Before, IReadOnlyList<Identity> After, bool Notify);
