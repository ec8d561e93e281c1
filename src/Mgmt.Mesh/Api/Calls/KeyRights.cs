using Mgmt.Mesh.Trust;
using Mgmt.Store;
using Mgmt.Store.Commands;

namespace Mgmt.Mesh.Api.Calls;

/// <summary>
/// Which keys a caller may read and write. Who runs the cluster may everything; an agent writes only what is its own, so that no host can speak in another's
/// name, and reads all but the tokens.
/// </summary>
internal sealed class KeyRights
{
    private static readonly KeyRange Hidden = KeyRange.Prefix(Bytes.Of(TrustKeys.Tokens));

    private static readonly string[] Rooms = ["exports", "converged", "agents"];

    private readonly string _host;
    private readonly Bytes[]? _own;

    private KeyRights(string host, Bytes[]? own) => (_host, _own) = (host, own);

    /// <summary>Those of operators.</summary>
    public static KeyRights All { get; } = new("", null);

    /// <summary>Whether nothing is refused.</summary>
    public bool AreAll => _own is null;

    /// <summary>Those of an agent.</summary>
    /// <param name="host">Its host.</param>
    public static KeyRights Of(string host) => host.Length == 0 || host.Contains('/', StringComparison.Ordinal)
        ? new(host, [])
        : new(host, [.. Rooms.Select(room => Bytes.Of($"mgmt/{room}/{host}"))]);

    /// <summary>Why an operation is refused, or null.</summary>
    public string? Refusal(Operation operation)
    {
        if (_own is null) return null;
        return operation switch
        {
            Operation.Range range => ReadRefusal(range.Keys),
            Operation.Put put => WriteRefusal(KeyRange.Single(put.Key)),
            Operation.DeleteRange delete => WriteRefusal(delete.Keys),
            Operation.Txn txn => txn.Compares.Select(one => ReadRefusal(one.Keys)).Concat(txn.Success.Concat(txn.Failure).Select(Refusal)).FirstOrDefault(static one => one is not null),
            _ => $"agents may not do {operation.GetType().Name}",
        };
    }

    /// <summary>Why keys are not shown, or null.</summary>
    public string? ReadRefusal(KeyRange keys) => AreAll || !Touches(keys, Hidden) ? null : $"only operators may read what is below {TrustKeys.Tokens}; narrow the range";

    /// <summary>Why keys may not be changed, or null.</summary>
    public string? WriteRefusal(KeyRange keys)
    {
        if (_own is null || _own.Any(own => IsWithin(keys, own))) return null;
        var what = keys.IsSingle ? $"\"{keys.Key}\"" : $"keys from \"{keys.Key}\" to \"{keys.End}\"";
        return _host.Length == 0 ? $"{what} may not be written: the certificate names no host" : $"host {_host} may not write {what}, only mgmt/exports/{_host}/ and the like that is its own; operators may write all";
    }

    /// <summary>The leases that operations attach keys to: they have to be the caller's own as well.</summary>
    public static IEnumerable<long> LeasesOf(Operation operation) => operation switch
    {
        Operation.Put { Lease: not 0 } put => [put.Lease],
        Operation.Txn txn => txn.Success.Concat(txn.Failure).SelectMany(LeasesOf),
        _ => [],
    };

    /// <summary>Why a lease with these keys may not be kept, ended or used, or null.</summary>
    public string? LeaseRefusal(long lease, IEnumerable<Bytes> keys) =>
        AreAll ? null : keys.Select(one => WriteRefusal(KeyRange.Single(one))).FirstOrDefault(static one => one is not null) is { } why ? $"lease {lease:x} is another's: {why}" : null;

    // The key itself, or what is below it with a slash: 0 is what comes after a slash.
    private static bool IsWithin(KeyRange keys, Bytes own)
    {
        var below = KeyRange.Prefix(Bytes.Own([.. own.Span, (byte)'/']));
        if (keys.IsSingle) return keys.Key == own || below.Contains(keys.Key);
        return !keys.IsOpen && below.Contains(keys.Key) && keys.End <= below.End;
    }

    private static bool Touches(KeyRange keys, KeyRange hidden) =>
        keys.IsSingle ? hidden.Contains(keys.Key) : !keys.IsEmpty && keys.Key < hidden.End && (keys.IsOpen || keys.End > hidden.Key);
}
