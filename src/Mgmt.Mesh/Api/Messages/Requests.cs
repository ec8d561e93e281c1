using Google.Protobuf;
using Mgmt.Mesh.Api.Calls;
using Mgmt.Store;
using Mgmt.Store.Commands;

namespace Mgmt.Mesh.Api.Messages;

/// <summary>What clients ask, from the wire's words into the store's. What the store has no word for is refused here; the rest it checks itself.</summary>
internal static class Requests
{
    public static Operation.Range Range(Wire.RangeRequest request)
    {
        if (request.SortOrder is < 0 or > Wire.RangeRequest.Types.SortOrder.Descend) throw Failures.InvalidSort;
        if (request.SortTarget is < 0 or > Wire.RangeRequest.Types.SortTarget.Value) throw Failures.InvalidSort;
        return new(Keys(request.Key, request.RangeEnd))
        {
            Limit = request.Limit,
            Revision = request.Revision,
            Order = (SortOrder)request.SortOrder,
            Target = (SortTarget)request.SortTarget,
            Serializable = request.Serializable,
            KeysOnly = request.KeysOnly,
            CountOnly = request.CountOnly,
            MinModRevision = request.MinModRevision,
            MaxModRevision = request.MaxModRevision,
            MinCreateRevision = request.MinCreateRevision,
            MaxCreateRevision = request.MaxCreateRevision,
        };
    }

    public static Operation.Put Put(Wire.PutRequest request) => new(Bytes.Copy(request.Key.Span), Bytes.Copy(request.Value.Span))
    {
        Lease = request.Lease,
        WantsPrevious = request.PrevKv,
        IgnoreValue = request.IgnoreValue,
        IgnoreLease = request.IgnoreLease,
    };

    public static Operation.DeleteRange DeleteRange(Wire.DeleteRangeRequest request) =>
        new(Keys(request.Key, request.RangeEnd)) { WantsPrevious = request.PrevKv };

    // The numbers of operations are asked for first, so that what is far too wide is not taken over before it is refused.
    public static Operation.Txn Txn(Wire.TxnRequest request)
    {
        if (Math.Max(request.Compare.Count, Math.Max(request.Success.Count, request.Failure.Count)) > Limits.TxnOperations) throw Failures.Of(StoreError.TooManyOperations);
        return new([.. request.Compare.Select(Compare)], [.. request.Success.Select(Operation)], [.. request.Failure.Select(Operation)]);
    }

    public static KeyRange Keys(ByteString key, ByteString end) => new(Bytes.Copy(key.Span), Bytes.Copy(end.Span));

    private static Operation Operation(Wire.RequestOp request) => request.RequestCase switch
    {
        Wire.RequestOp.RequestOneofCase.RequestRange => Range(request.RequestRange),
        Wire.RequestOp.RequestOneofCase.RequestPut => Put(request.RequestPut),
        Wire.RequestOp.RequestOneofCase.RequestDeleteRange => DeleteRange(request.RequestDeleteRange),
        Wire.RequestOp.RequestOneofCase.RequestTxn => Txn(request.RequestTxn),

        // What etcd says to an operation that is none.
        _ => throw Failures.Of(StoreError.KeyNotFound),
    };

    // What to compare with counts only if it is of the target's kind; otherwise it is 0 or empty, which is what its property then gives.
    private static Compare Compare(Wire.Compare request)
    {
        if (request.Target is < 0 or > Wire.Compare.Types.CompareTarget.Lease) throw Failures.InvalidCompare;
        if (request.Result is < 0 or > Wire.Compare.Types.CompareResult.NotEqual) throw Failures.InvalidCompare;
        var number = request.Target switch
        {
            Wire.Compare.Types.CompareTarget.Version => request.Version,
            Wire.Compare.Types.CompareTarget.Create => request.CreateRevision,
            Wire.Compare.Types.CompareTarget.Mod => request.ModRevision,
            Wire.Compare.Types.CompareTarget.Lease => request.Lease,
            _ => 0,
        };
        var value = request.Target == Wire.Compare.Types.CompareTarget.Value ? Bytes.Copy(request.Value.Span) : default;
        return new(Keys(request.Key, request.RangeEnd), (CompareTarget)request.Target, (CompareResult)request.Result, number, value);
    }
}
