using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Google.Protobuf;
using Mgmt.Mesh.Client;
using Mgmt.Mesh.Wire;

namespace Mgmt.Agent.Exchange;

/// <summary>The store over its API: this agent's own, or that of another.</summary>
/// <param name="client">Asks; it belongs to the caller.</param>
/// <param name="ready">Ends when there is somebody to ask: what is asked before waits, as a mesh may take long to found.</param>
internal sealed class ClientStore(StoreClient client, Task ready) : IMeshStore
{
    // An answer holds so many sheets at most, whatever their exporters wrote.
    private const int Page = 64;

    /// <inheritdoc/>
    public async Task<StoreReply<PrefixView>> ReadAsync(string prefix, CancellationToken cancel)
    {
        await ReadyAsync(cancel);
        var values = ImmutableDictionary.CreateBuilder<string, StoredValue>(StringComparer.Ordinal);
        var request = new RangeRequest { Key = Bytes(prefix), RangeEnd = End(prefix), Limit = Page };
        for (; ; )
        {
            var (answer, failure, _) = await client.RangeAsync(request, cancel);
            if (failure is not null) return new(null, failure.Reason);
            foreach (var one in answer!.Kvs) values[one.Key.ToStringUtf8()] = ValueOf(one);
            if (request.Revision == 0) request.Revision = answer.Header.Revision;
            if (!answer.More || answer.Kvs.Count == 0) return new(new PrefixView(values.ToImmutable(), request.Revision), "");
            request.Key = ByteString.CopyFrom([.. answer.Kvs[^1].Key.Span, 0]);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<PrefixNews> WatchAsync(string prefix, long revision, [EnumeratorCancellation] CancellationToken cancel)
    {
        var request = new WatchCreateRequest { Key = Bytes(prefix), RangeEnd = End(prefix), StartRevision = revision };
        await foreach (var news in client.WatchAsync(request, cancel))
        {
            if (news is WatchNews.Began) yield return new PrefixNews.GoesOn();
            if (news is WatchNews.Interrupted interrupted) yield return new PrefixNews.Interrupted(interrupted.Failure.Reason);
            if (news is WatchNews.Ended ended) yield return new PrefixNews.Interrupted(ended.Failure.Reason);
            if (news is WatchNews.Changed changed) yield return new PrefixNews.Changed([.. changed.Events.Select(NewsOf)], changed.Events[^1].Kv.ModRevision);
        }
    }

    /// <inheritdoc/>
    public async Task<StoreReply<long>> WriteAsync(StoreChange change, CancellationToken cancel)
    {
        var request = new TxnRequest();
        foreach (var (key, value) in change.Puts) request.Success.Add(new RequestOp { RequestPut = new() { Key = Bytes(key), Value = ByteString.CopyFrom(value), Lease = change.Lease } });
        foreach (var key in change.Deletes) request.Success.Add(new RequestOp { RequestDeleteRange = new() { Key = Bytes(key) } });
        var (answer, failure, _) = await client.TxnAsync(request, cancel);
        return new(answer?.Header.Revision ?? 0, failure?.Reason ?? "");
    }

    /// <inheritdoc/>
    public async Task<StoreReply<long>> GrantAsync(TimeSpan time, CancellationToken cancel)
    {
        var (answer, failure, _) = await client.GrantAsync(new() { TTL = (long)time.TotalSeconds }, cancel);
        return new(answer?.ID ?? 0, failure?.Reason ?? "");
    }

    /// <inheritdoc/>
    public async Task<StoreReply<TimeSpan>> GrantedAsync(long lease, CancellationToken cancel)
    {
        var (answer, failure, _) = await client.TimeToLiveAsync(new() { ID = lease }, cancel);
        return new(answer is { TTL: > 0 } ? TimeSpan.FromSeconds(answer.GrantedTTL) : TimeSpan.Zero, failure?.Reason ?? "");
    }

    /// <inheritdoc/>
    public async Task<StoreReply<TimeSpan>> KeepAliveAsync(long lease, CancellationToken cancel)
    {
        var (answer, failure, _) = await client.KeepAliveAsync(lease, cancel);
        return new(TimeSpan.FromSeconds(Math.Max(0, answer?.TTL ?? 0)), failure?.Reason ?? "");
    }

    /// <inheritdoc/>
    public async Task<StoreReply<long>> RevokeAsync(long lease, CancellationToken cancel)
    {
        var (answer, failure, _) = await client.RevokeAsync(new() { ID = lease }, cancel);
        return new(answer?.Header.Revision ?? 0, failure?.Reason ?? "");
    }

    // A member that can never serve ends the agent: until then there is nobody to ask.
    private async Task ReadyAsync(CancellationToken cancel)
    {
        await ready.WaitAsync(cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancel.ThrowIfCancellationRequested();
        if (!ready.IsCompletedSuccessfully) await Task.Delay(Timeout.InfiniteTimeSpan, cancel);
    }

    private static ByteString Bytes(string key) => ByteString.CopyFromUtf8(key);

    private static ByteString End(string prefix) => ByteString.CopyFrom(Mgmt.Store.KeyRange.Prefix(Mgmt.Store.Bytes.Of(prefix)).End.Span);

    private static StoredValue ValueOf(Mgmt.Mesh.Wire.KeyValue one) => new(one.Value.Memory, one.Lease, one.CreateRevision);

    private static KeyValuePair<string, StoredValue?> NewsOf(Event one) => new(one.Kv.Key.ToStringUtf8(), one.Type == Event.Types.EventType.Delete ? null : ValueOf(one.Kv));
}
