using Mgmt.Store.Commands;

namespace Mgmt.Store.Machine;

/// <summary>
/// Does operations on a draft. A transaction goes as etcd's: first the branches are chosen, then every operation on the way is checked, all against the
/// state before it; then they are done in order, each seeing those before it.
/// </summary>
internal static class TxnRunner
{
    /// <summary>The answer; when it is a failure the draft is to be dropped.</summary>
    public static Response Run(Draft draft, Operation operation)
    {
        if (operation is Operation.Put put && MissesLease(draft, put)) return new Response.Failed(StoreError.LeaseNotFound);
        if (operation is not Operation.Txn txn) return Do(draft, operation, new([]));
        var branches = new List<bool>();
        Choose(draft, txn, branches);
        var error = CheckAll(draft, txn, new(branches), Check) ?? CheckAll(draft, txn, new(branches), CheckRevision);
        if (error is not null) return new Response.Failed(error);
        var response = Do(draft, txn, new(branches));
        return response is Response.Txn done ? done with { Revision = draft.Revision } : response;
    }

    private static void Choose(Draft draft, Operation.Txn txn, List<bool> branches)
    {
        var holds = txn.Compares.All(compare => CompareRule.Holds(draft.Keys, compare));
        branches.Add(holds);
        foreach (var operation in holds ? txn.Success : txn.Failure)
        {
            if (operation is Operation.Txn nested) Choose(draft, nested, branches);
        }
    }

    private static StoreError? CheckAll(Draft draft, Operation.Txn txn, Queue<bool> branches, Func<Draft, Operation, StoreError?> check)
    {
        foreach (var operation in branches.Dequeue() ? txn.Success : txn.Failure)
        {
            var error = operation is Operation.Txn nested ? CheckAll(draft, nested, branches, check) : check(draft, operation);
            if (error is not null) return error;
        }

        return null;
    }

    private static StoreError? Check(Draft draft, Operation operation)
    {
        if (operation is not Operation.Put put) return null;
        if ((put.IgnoreValue || put.IgnoreLease) && draft.Find(put.Key) is null) return StoreError.KeyNotFound;
        return MissesLease(draft, put) ? StoreError.LeaseNotFound : null;
    }

    private static StoreError? CheckRevision(Draft draft, Operation operation)
    {
        if (operation is not Operation.Range { Revision: not 0 and var revision }) return null;
        if (revision > draft.Revision) return StoreError.FutureRevision;
        return revision < draft.Start.CompactRevision ? StoreError.Compacted : null;
    }

    private static bool MissesLease(Draft draft, Operation.Put put) => put.Lease != 0 && !draft.Start.LeaseMap.ContainsKey(put.Lease);

    private static Response Do(Draft draft, Operation operation, Queue<bool> branches) => operation switch
    {
        Operation.Range range => RangeReader.Read(draft.Keys, range),
        Operation.Put put => DoPut(draft, put),
        Operation.DeleteRange delete => DoDelete(draft, delete),
        Operation.Txn txn => DoTxn(draft, txn, branches),
        _ => throw new ArgumentException($"unknown operation {operation}", nameof(operation)),
    };

    private static Response DoPut(Draft draft, Operation.Put put)
    {
        var present = put.IgnoreValue || put.IgnoreLease ? draft.Find(put.Key) : null;

        // A deletion earlier in the same transaction can have taken it; etcd ends its process then.
        if (present is null && (put.IgnoreValue || put.IgnoreLease)) return new Response.Failed(StoreError.KeyNotFound);
        var previous = draft.Put(put.Key, put.IgnoreValue ? present!.Value : put.Value, put.IgnoreLease ? present!.Lease : put.Lease);
        return new Response.Put(draft.Revision, put.WantsPrevious ? previous : null);
    }

    private static Response.DeleteRange DoDelete(Draft draft, Operation.DeleteRange delete)
    {
        var gone = draft.Delete(delete.Keys);
        return new(draft.Revision, gone.Count, delete.WantsPrevious ? gone : []);
    }

    private static Response DoTxn(Draft draft, Operation.Txn txn, Queue<bool> branches)
    {
        var succeeded = branches.Dequeue();
        var responses = new List<Response>();
        foreach (var operation in succeeded ? txn.Success : txn.Failure)
        {
            var response = Do(draft, operation, branches);
            if (response is Response.Failed) return response;
            responses.Add(response);
        }

        return new Response.Txn(0, succeeded, responses);
    }
}
