using Grpc.Core;
using Mgmt.Mesh.Api.Messages;
using Mgmt.Store.Commands;

namespace Mgmt.Mesh.Api.Services;

/// <summary>Keys.</summary>
internal sealed class KvService(StoreAccess store, Headers headers) : Wire.KV.KVBase
{
    public override async Task<Wire.RangeResponse> Range(Wire.RangeRequest request, ServerCallContext context)
    {
        var response = await store.ReadAsync<Response.Range>(Requests.Range(request), context);
        return Answers.Range(response, headers.Of(response.Revision));
    }

    public override async Task<Wire.PutResponse> Put(Wire.PutRequest request, ServerCallContext context)
    {
        var response = await store.ExecuteAsync<Response.Put>(new Command.Execute(Requests.Put(request)), context);
        return Answers.Put(response, headers.Of(response.Revision));
    }

    public override async Task<Wire.DeleteRangeResponse> DeleteRange(Wire.DeleteRangeRequest request, ServerCallContext context)
    {
        var response = await store.ExecuteAsync<Response.DeleteRange>(new Command.Execute(Requests.DeleteRange(request)), context);
        return Answers.DeleteRange(response, headers.Of(response.Revision));
    }

    public override async Task<Wire.TxnResponse> Txn(Wire.TxnRequest request, ServerCallContext context)
    {
        var txn = Requests.Txn(request);
        var response = txn.IsReadOnly
            ? await store.ReadAsync<Response.Txn>(txn, context)
            : await store.ExecuteAsync<Response.Txn>(new Command.Execute(txn), context);
        return Answers.Txn(response, headers.Of(response.Revision));
    }

    // The history is gone from every member's memory when this answers, so that "physical" asks for nothing more.
    public override async Task<Wire.CompactionResponse> Compact(Wire.CompactionRequest request, ServerCallContext context)
    {
        var response = await store.ExecuteAsync<Response.Compact>(new Command.Compact(request.Revision), context);
        return new() { Header = headers.Of(response.Revision) };
    }
}
