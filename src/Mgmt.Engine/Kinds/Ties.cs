namespace Mgmt.Engine.Kinds;

/// <summary>Something that a resource keeps or brings, by which other resources find it.</summary>
/// <param name="Space">What the key names, such as <c>path</c>; kinds that are to find each other spell it alike.</param>
/// <param name="Key">The thing itself. Several resources may have the same identity: whoever wishes for it is tied to all of them.</param>
public readonly record struct Identity(string Space, string Key)
{
    /// <inheritdoc/>
    /// <remarks>Of the key alone: few have it in several spaces, and each compilation hashes all of them.</remarks>
    public override int GetHashCode() => Key?.GetHashCode(StringComparison.Ordinal) ?? 0;

    /// <summary>Something in the file system.</summary>
    /// <param name="path">Absolute and with single slashes; a directory's ends in "/".</param>
    public static Identity Path(string path) => new("path", path);

    /// <summary>Anything that is directly in a directory.</summary>
    /// <param name="folder">Absolute and with single slashes; it ends in "/".</param>
    public static Identity In(string folder) => new("in", folder);

    /// <summary>A program that comes with something bigger, such as a package.</summary>
    /// <param name="path">Where it is.</param>
    public static Identity Program(string path) => new("program", path);
}

/// <summary>Which end of an automatic edge the resource is that wishes for it.</summary>
public enum WishOrder
{
    /// <summary>It runs after what it wishes for.</summary>
    After,

    /// <summary>It runs before what it wishes for.</summary>
    Before,
}

/// <summary>What a resource wants to be tied to by automatic edges. A kind that wants all of several things has a wish for each.</summary>
/// <param name="Alternatives">
/// The first of them that another resource has is taken, and the rest is not looked at. May be an iterator: each compilation reads it once, and only so far.
/// </param>
/// <param name="Order">Which end of the edge the resource is.</param>
/// <param name="Notify">Whether a change of the one before delivers a refresh.</param>
public sealed record EdgeWish(IEnumerable<Identity> Alternatives, WishOrder Order = WishOrder.After, bool Notify = false);

/// <summary>How a resource takes part in automatic edges.</summary>
/// <param name="Identities">By what others find it.</param>
/// <param name="Wishes">What it looks for itself.</param>
public sealed record Ties(IReadOnlyList<Identity> Identities, IReadOnlyList<EdgeWish> Wishes)
{
    /// <summary>It takes no part.</summary>
    public static Ties None { get; } = new([], []);
}
