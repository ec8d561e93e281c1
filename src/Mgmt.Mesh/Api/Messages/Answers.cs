using Google.Protobuf;
using Mgmt.Store;
using Mgmt.Store.Commands;

namespace Mgmt.Mesh.Api.Messages;

/// <summary>The store's answers in the wire's words. Keys and values are not copied: they never change.</summary>
internal static class Answers
{
    public static Wire.RangeResponse Range(Response.Range response, Wire.ResponseHeader header)
    {
        var answer = new Wire.RangeResponse { Header = header, More = response.More, Count = response.Count };
        answer.Kvs.Capacity = response.KeyValues.Count;
        foreach (var one in response.KeyValues) answer.Kvs.Add(KeyValue(one));
        return answer;
    }

    public static Wire.PutResponse Put(Response.Put response, Wire.ResponseHeader header) => new()
    {
        Header = header,
        PrevKv = response.Previous is { } previous ? KeyValue(previous) : null,
    };

    public static Wire.DeleteRangeResponse DeleteRange(Response.DeleteRange response, Wire.ResponseHeader header)
    {
        var answer = new Wire.DeleteRangeResponse { Header = header, Deleted = response.Deleted };
        foreach (var one in response.Previous) answer.PrevKvs.Add(KeyValue(one));
        return answer;
    }

    public static Wire.TxnResponse Txn(Response.Txn response, Wire.ResponseHeader header)
    {
        var answer = new Wire.TxnResponse { Header = header, Succeeded = response.Succeeded };
        foreach (var one in response.Responses) answer.Responses.Add(InTxn(one));
        return answer;
    }

    public static Wire.Event Event(Event one, bool wantsPrevious) => new()
    {
        Type = one.Kind == EventKind.Put ? Wire.Event.Types.EventType.Put : Wire.Event.Types.EventType.Delete,
        Kv = KeyValue(one.KeyValue),
        PrevKv = wantsPrevious && one.Previous is { } previous ? KeyValue(previous) : null,
    };

    public static ByteString Wrap(Bytes bytes) => UnsafeByteOperations.UnsafeWrap(bytes.Memory);

    private static Wire.KeyValue KeyValue(KeyValue one) => new()
    {
        Key = Wrap(one.Key),
        Value = Wrap(one.Value),
        CreateRevision = one.CreateRevision,
        ModRevision = one.ModRevision,
        Version = one.Version,
        Lease = one.Lease,
    };

    // Inside a transaction a header has only the revision, and that of a transaction not even this.
    private static Wire.ResponseOp InTxn(Response response) => response switch
    {
        Response.Range range => new() { ResponseRange = Range(range, new() { Revision = range.Revision }) },
        Response.Put put => new() { ResponsePut = Put(put, new() { Revision = put.Revision }) },
        Response.DeleteRange delete => new() { ResponseDeleteRange = DeleteRange(delete, new() { Revision = delete.Revision }) },
        Response.Txn txn => new() { ResponseTxn = Txn(txn, new()) },
        _ => throw new ArgumentException($"a transaction cannot answer {response}", nameof(response)),
    };
}
