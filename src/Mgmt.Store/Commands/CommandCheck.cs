using System.Text;

namespace Mgmt.Store.Commands;

/// <summary>
/// What can be said against a request without knowing the state. It is asked before proposing, and again by every voter when it applies. The rules and
/// their order are those of etcd's api/v3rpc/key.go.
/// </summary>
public static class CommandCheck
{
    /// <summary>Null when there is nothing against it.</summary>
    public static StoreError? Check(Command command) => command switch
    {
        Command.Execute(var operation) => Check(operation),
        Command.MemberSet(var member) => Check(member),
        _ => null,
    };

    /// <summary>Null when there is nothing against it.</summary>
    public static StoreError? Check(Operation operation) => operation is Operation.Txn txn
        ? CheckTxn(txn, Limits.TxnOperations) ?? TxnKeys.Check(txn.Success) ?? TxnKeys.Check(txn.Failure)
        : CheckAny(operation, 0);

    /// <summary>Null when there is nothing against it.</summary>
    public static StoreError? Check(Member member)
    {
        var fits = member.Id != 0 && Fits(member.Name) && member.PeerUrls.Count <= Limits.MemberUrls && member.ClientUrls.Count <= Limits.MemberUrls;
        return fits && member.PeerUrls.All(Fits) && member.ClientUrls.All(Fits) ? null : StoreError.BadMember;
    }

    private static bool Fits(string text) => Encoding.UTF8.GetByteCount(text) <= Limits.MemberTextBytes;

    private static StoreError? CheckAny(Operation operation, int left) => operation switch
    {
        Operation.Range range => range.Keys.Key.IsEmpty ? StoreError.EmptyKey : null,
        Operation.DeleteRange delete => delete.Keys.Key.IsEmpty ? StoreError.EmptyKey : null,
        Operation.Put put => CheckPut(put),
        Operation.Txn txn => CheckTxn(txn, left),
        _ => StoreError.KeyNotFound,
    };

    private static StoreError? CheckPut(Operation.Put put)
    {
        if (put.Key.IsEmpty) return StoreError.EmptyKey;
        if (put.IgnoreValue && !put.Value.IsEmpty) return StoreError.ValueProvided;
        return put.IgnoreLease && put.Lease != 0 ? StoreError.LeaseProvided : null;
    }

    // Each level of nesting takes its widest list from what is left, so that depth is bounded too.
    private static StoreError? CheckTxn(Operation.Txn txn, int left)
    {
        var widest = Math.Max(txn.Compares.Count, Math.Max(txn.Success.Count, txn.Failure.Count));
        if (widest > left) return StoreError.TooManyOperations;
        if (txn.Compares.Any(one => one.Keys.Key.IsEmpty)) return StoreError.EmptyKey;
        foreach (var operation in txn.Success.Concat(txn.Failure))
        {
            if (CheckAny(operation, left - widest) is { } error) return error;
        }

        return null;
    }
}
