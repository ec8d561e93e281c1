using Google.Protobuf;
using Mgmt.Mesh.Client;
using Mgmt.Mesh.Voters;
using Mgmt.Mesh.Wire;
using Mgmt.Store;

namespace Mgmt.Mesh.Trust;

/// <summary>What was read of the store at one revision.</summary>
/// <param name="Revision">The revision.</param>
/// <param name="Ranges">The keys of each range that was asked for.</param>
internal sealed record TrustSight(long Revision, IReadOnlyList<IReadOnlyList<Wire.KeyValue>> Ranges);

/// <summary>The store as the trust room sees it: reads at one revision, and writes that hold only if nothing came between.</summary>
/// <param name="client">Asks by the agent's own socket.</param>
/// <param name="asOperator">Makes a client that may read and write all, for an agent that signs and does not keep the store; null is none.</param>
internal sealed class TrustStore(StoreClient client, Func<IReadOnlyList<Endpoint>, StoreClient>? asOperator = null)
{
    /// <summary>Reads ranges, all at one revision. A text that ends with a slash stands for all keys below.</summary>
    public async Task<(TrustSight? Sight, StoreFailure? Failure)> ReadAsync(IReadOnlyList<string> keys, CancellationToken cancel)
    {
        var request = new TxnRequest { Success = { keys.Select(static one => new RequestOp { RequestRange = RangeOf(one) }) } };
        var answer = await AskAsync(request, cancel);
        if (!answer.IsThere) return (null, answer.Failure);
        return (new(answer.Value.Header.Revision, [.. answer.Value.Responses.Select(static one => one.ResponseRange.Kvs)]), null);
    }

    /// <summary>Writes, if none of the watched keys changed after a revision.</summary>
    /// <returns>Whether it was written; and why it is not known.</returns>
    public async Task<(bool Done, StoreFailure? Failure)> TryWriteAsync(long revision, IReadOnlyList<string> unchanged, IReadOnlyList<RequestOp> writes, CancellationToken cancel)
    {
        var request = new TxnRequest { Success = { writes } };
        foreach (var key in unchanged)
        {
            var range = RangeOf(key);
            request.Compare.Add(new Compare
            {
                Key = range.Key, RangeEnd = range.RangeEnd, Target = Compare.Types.CompareTarget.Mod, Result = Compare.Types.CompareResult.Less, ModRevision = revision + 1,
            });
        }

        var answer = await AskAsync(request, cancel);
        return answer.IsThere ? (answer.Value.Succeeded, null) : (false, answer.Failure);
    }

    private async Task<StoreAnswer<TxnResponse>> AskAsync(TxnRequest request, CancellationToken cancel)
    {
        var answer = await client.TxnAsync(request, cancel);
        if (answer.IsThere || !answer.Failure.IsDenied || asOperator is null || await KeepersAsync(cancel) is not { Count: > 0 } keepers) return answer;
        using var other = asOperator(keepers);
        return await other.TxnAsync(request, cancel);
    }

    private async Task<IReadOnlyList<Endpoint>> KeepersAsync(CancellationToken cancel)
    {
        var members = await client.MembersAsync(cancel);
        if (!members.IsThere) return [];
        var places = members.Value.Members.Where(static one => !one.IsLearner).Select(static one => MemberUrls.TryFind(one.ClientURLs, out var place) ? place : default);
        return [.. places.Where(static one => one.Port != 0).Select(static one => new Endpoint.Tcp(one))];
    }

    public static RequestOp Put(string key, byte[] value, bool keepsLease = false) =>
        new() { RequestPut = new() { Key = ByteString.CopyFromUtf8(key), Value = ByteString.CopyFrom(value), IgnoreLease = keepsLease } };

    public static RequestOp Delete(string key) => new() { RequestDeleteRange = new() { Key = ByteString.CopyFromUtf8(key) } };

    private static RangeRequest RangeOf(string key)
    {
        var request = new RangeRequest { Key = ByteString.CopyFromUtf8(key) };
        if (key.EndsWith('/')) request.RangeEnd = ByteString.CopyFrom(KeyRange.Prefix(Bytes.Of(key)).End.Span);
        return request;
    }
}
