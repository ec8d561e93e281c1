namespace Mgmt.Engine.Kinds;

/// <summary>Something that a resource keeps or brings, by which other resources find it.</summary>
/// <param name="Space">What the key names, such as <c>path</c>; kinds that are to find each other spell it alike.</param>
/// <param name="Key">The thing itself. Several resources may have the same identity: whoever wishes for it is tied to all of them.</param>
public readonly record struct Identity(string Space, string Key)
{
    /// <summary>Something in the file system.</summary>
    /// <param name="path">Absolute and with single slashes; a directory's ends in "/".</param>
    public static Identity Path(string path) => new("path", path);
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
/// The first of them that another resource has is taken, and the rest is not looked at. May be an iterator: it is read once, and only so far.
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
