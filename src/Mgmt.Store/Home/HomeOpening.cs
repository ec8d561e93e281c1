using Mgmt.Store.Machine;

namespace Mgmt.Store.Home;

/// <summary>What was found where the home should be. All but the first leave the files as they are.</summary>
public abstract record HomeOpening
{
    private HomeOpening()
    {
    }

    /// <summary>It is in order, and its state is loaded.</summary>
    public sealed record Opened(StoreHome Home, StoreView View) : HomeOpening;

    /// <summary>There is no file, or an empty one: the voter is new, or lost its disk.</summary>
    public sealed record Missing : HomeOpening;

    /// <summary>It is in order and somebody else's.</summary>
    public sealed record Foreign(HomeIdentity Found, string Problem) : HomeOpening;

    /// <summary>A newer program wrote it.</summary>
    public sealed record Newer(int Format, string Problem) : HomeOpening;

    /// <summary>It is not a home, or not whole, or not what was written. To be rebuilt from the log or from a peer.</summary>
    public sealed record Damaged(string Problem) : HomeOpening;
}

/// <summary>What a look at every record found.</summary>
/// <param name="Documents">How many documents were read.</param>
/// <param name="Bytes">How many bytes they have.</param>
/// <param name="Problems">What is wrong, at most a hundred of it; nothing when all is in order.</param>
public sealed record ScrubReport(int Documents, long Bytes, IReadOnlyList<string> Problems);
