namespace Mgmt.Store.Commands;

/// <summary>
/// Refuses transactions that write a key twice or write what they delete. The two branches of a nested transaction exclude each other, so both may write
/// the same key.
/// </summary>
internal sealed class TxnKeys
{
    private readonly HashSet<Bytes> _puts = [];
    private readonly CoveredKeys _deleted = new();

    /// <summary>Null when the operations of one branch are in order.</summary>
    public static StoreError? Check(IReadOnlyList<Operation> operations) =>
        operations.All(one => one is Operation.Range) ? null : new TxnKeys().Add(operations);

    private StoreError? Add(IReadOnlyList<Operation> operations)
    {
        _deleted.Add(operations.OfType<Operation.DeleteRange>().Select(static one => one.Keys));
        foreach (var operation in operations)
        {
            if (operation is Operation.Txn txn && AddNested(txn) is { } error) return error;
        }

        foreach (var operation in operations)
        {
            if (operation is Operation.Put put && !TryPut(put.Key)) return StoreError.DuplicateKey;
        }

        return null;
    }

    private StoreError? AddNested(Operation.Txn txn)
    {
        var (success, failure) = (new TxnKeys(), new TxnKeys());
        if ((success.Add(txn.Success) ?? failure.Add(txn.Failure)) is { } error) return error;
        if (!success._puts.All(TryPut)) return StoreError.DuplicateKey;
        foreach (var key in failure._puts)
        {
            if (success._puts.Contains(key) ? _deleted.Contains(key) : !TryPut(key)) return StoreError.DuplicateKey;
        }

        _deleted.Add(success._deleted);
        _deleted.Add(failure._deleted);
        return null;
    }

    private bool TryPut(Bytes key) => !_deleted.Contains(key) && _puts.Add(key);
}
