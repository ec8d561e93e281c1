using System.Collections.Immutable;

namespace Mgmt.Agent.Exchange;

/// <summary>
/// The mesh's store as this agent sees it, whether it keeps a part of it or asks one that does. What cannot be done now is a <see cref="StoreReply{T}.Problem"/>; only a cancelled token throws.
/// </summary>
internal interface IMeshStore
{
    /// <summary>Reads all keys that begin so, with everything in it that was acknowledged before the call.</summary>
    Task<StoreReply<PrefixView>> ReadAsync(string prefix, CancellationToken cancel);

    /// <summary>Tells every change of keys that begin so from a revision on, in order and each once. It goes on through interruptions, and ends when it cannot.</summary>
    IAsyncEnumerable<PrefixNews> WatchAsync(string prefix, long revision, CancellationToken cancel);

    /// <summary>Writes and deletes in one transaction, and answers its revision. After a problem it is not known whether it was or will be done.</summary>
    Task<StoreReply<long>> WriteAsync(StoreChange change, CancellationToken cancel);

    /// <summary>Makes a lease, and answers its id.</summary>
    Task<StoreReply<long>> GrantAsync(TimeSpan time, CancellationToken cancel);

    /// <summary>The time that a lease was granted for; zero when there is no such lease.</summary>
    Task<StoreReply<TimeSpan>> GrantedAsync(long lease, CancellationToken cancel);

    /// <summary>Gives a lease its full time again, and answers it; zero when there is no such lease.</summary>
    Task<StoreReply<TimeSpan>> KeepAliveAsync(long lease, CancellationToken cancel);

    /// <summary>Ends a lease, if there is such a one, and with it every key that is attached to it.</summary>
    Task<StoreReply<long>> RevokeAsync(long lease, CancellationToken cancel);
}

/// <summary>An answer, or why there is none.</summary>
/// <param name="Value">The answer.</param>
/// <param name="Problem">What happened, without "cannot" and a full stop; empty when there is an answer.</param>
internal readonly record struct StoreReply<T>(T? Value, string Problem);

/// <summary>A key's value.</summary>
/// <param name="Bytes">The value.</param>
/// <param name="Lease">The lease that it is attached to; 0 is none.</param>
/// <param name="Since">The revision at which the key was made.</param>
internal sealed record StoredValue(ReadOnlyMemory<byte> Bytes, long Lease, long Since);

/// <summary>All keys that begin alike, as they were at one revision.</summary>
internal sealed record PrefixView(ImmutableDictionary<string, StoredValue> Values, long Revision);

/// <summary>What is written and deleted at once.</summary>
/// <param name="Puts">Keys with their values.</param>
/// <param name="Lease">The lease that those are attached to.</param>
/// <param name="Deletes">Keys to delete.</param>
internal sealed record StoreChange(IReadOnlyDictionary<string, byte[]> Puts, long Lease, IReadOnlyList<string> Deletes);

/// <summary>What a watch tells.</summary>
internal abstract record PrefixNews
{
    /// <summary>Keys changed.</summary>
    /// <param name="Values">Each with its new value; null is that it is gone.</param>
    /// <param name="Revision">Of the last of them.</param>
    public sealed record Changed(IReadOnlyList<KeyValuePair<string, StoredValue?>> Values, long Revision) : PrefixNews;

    /// <summary>Nothing is heard for the time being.</summary>
    public sealed record Interrupted(string Problem) : PrefixNews;

    /// <summary>Changes are heard, from the beginning or again.</summary>
    public sealed record GoesOn : PrefixNews;
}
