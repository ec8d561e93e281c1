using Mgmt.Store.Commands;

namespace Mgmt.Store.Tests.Machine;

/// <summary>What a request is refused for whatever the state, found by trying every pair.</summary>
internal static class Naive
{
    public static bool HasPut(Operation operation) =>
        operation is Operation.Put || (operation is Operation.Txn txn && txn.Success.Concat(txn.Failure).Any(HasPut));

    public static bool IsTooMuch(Member member)
    {
        if (member.Id == 0 || member.PeerUrls.Count > 16 || member.ClientUrls.Count > 16) return true;
        return member.PeerUrls.Concat(member.ClientUrls).Append(member.Name).Any(text => System.Text.Encoding.UTF8.GetBytes(text).Length > 1024);
    }

    public static StoreError? Fault(Operation operation)
    {
        var fault = FirstFault(operation);
        if (fault is not null || operation is not Operation.Txn txn) return fault;
        return Clashes(txn.Success) || Clashes(txn.Failure) ? StoreError.DuplicateKey : null;
    }

    private static StoreError? FirstFault(Operation operation)
    {
        switch (operation)
        {
            case Operation.Range { Keys.Key.IsEmpty: true } or Operation.DeleteRange { Keys.Key.IsEmpty: true } or Operation.Put { Key.IsEmpty: true }:
                return StoreError.EmptyKey;
            case Operation.Put { IgnoreValue: true, Value.IsEmpty: false }:
                return StoreError.ValueProvided;
            case Operation.Put { IgnoreLease: true, Lease: not 0 }:
                return StoreError.LeaseProvided;
            case Operation.Txn txn:
                if (txn.Compares.Any(one => one.Keys.Key.IsEmpty)) return StoreError.EmptyKey;
                return txn.Success.Concat(txn.Failure).Select(FirstFault).FirstOrDefault(one => one is not null);
            default:
                return null;
        }
    }

    private static bool Clashes(IReadOnlyList<Operation> operations)
    {
        // Deletions count from the start of their level; of nested transactions, puts are seen in order and deletions hold for what follows.
        var deletes = operations.OfType<Operation.DeleteRange>().Select(one => one.Keys).ToList();
        var puts = new List<Bytes>();
        foreach (var txn in operations.OfType<Operation.Txn>())
        {
            if (Clashes(txn.Success) || Clashes(txn.Failure)) return true;
            var (then, otherwise) = (Puts(txn.Success).ToList(), Puts(txn.Failure).ToList());
            foreach (var put in then.Concat(otherwise).Distinct())
            {
                if (puts.Contains(put) || deletes.Any(range => Covers(range, put))) return true;
            }

            puts.AddRange(then.Concat(otherwise).Distinct());
            deletes.AddRange(Deletes(txn.Success).Concat(Deletes(txn.Failure)));
        }

        foreach (var put in operations.OfType<Operation.Put>())
        {
            if (puts.Contains(put.Key) || deletes.Any(range => Covers(range, put.Key))) return true;
            puts.Add(put.Key);
        }

        return false;
    }

    private static IEnumerable<Bytes> Puts(IEnumerable<Operation> operations) => operations.SelectMany(one => one switch
    {
        Operation.Put put => [put.Key],
        Operation.Txn txn => Puts(txn.Success.Concat(txn.Failure)),
        _ => [],
    });

    private static IEnumerable<KeyRange> Deletes(IEnumerable<Operation> operations) => operations.SelectMany(one => one switch
    {
        Operation.DeleteRange delete => [delete.Keys],
        Operation.Txn txn => Deletes(txn.Success.Concat(txn.Failure)),
        _ => [],
    });

    // As etcd: the end literally, even if it means no end elsewhere.
    private static bool Covers(KeyRange range, Bytes key) => key == range.Key || (range.Key < key && key < range.End);
}
