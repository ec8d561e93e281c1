using Google.Protobuf;
using Mgmt.Mesh.Client;
using Mgmt.Store;

namespace Mgmt.Mesh.Trust;

/// <summary>Brings what the store says of revoked certificates to this host, as soon as it says so.</summary>
internal sealed class RevocationFeed(StoreClient client, Revocations revocations, TimeProvider time, Action<string> say, Action<string> warn)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly ByteString First = ByteString.CopyFromUtf8(TrustKeys.Revoked), End = ByteString.CopyFrom(KeyRange.Prefix(Bytes.Of(TrustKeys.Revoked)).End.Span);

    /// <summary>Goes on until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        while (true)
        {
            var answer = await client.RangeAsync(new() { Key = First, RangeEnd = End, KeysOnly = true }, cancel);
            if (answer.IsThere)
            {
                Add(answer.Value.Kvs);
                await FollowAsync(answer.Value.Header.Revision + 1, cancel);
            }

            await Task.Delay(Pause, time, cancel);
        }
    }

    private async Task FollowAsync(long revision, CancellationToken cancel)
    {
        await foreach (var news in client.WatchAsync(new() { Key = First, RangeEnd = End, StartRevision = revision }, cancel))
        {
            if (news is WatchNews.Changed changed) Add(changed.Events.Where(static one => one.Type == Wire.Event.Types.EventType.Put).Select(static one => one.Kv));
        }
    }

    private void Add(IEnumerable<Wire.KeyValue> keys)
    {
        try
        {
            var added = revocations.Add(keys.Select(static one => one.Key.ToStringUtf8()[TrustKeys.Revoked.Length..]));
            if (added > 0) say($"refuses {added} more certificate{(added == 1 ? "" : "s")}: revoked");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            warn($"cannot remember which certificates are revoked: {e.Message.TrimEnd('.')}; they are refused as long as this agent runs");
        }
    }
}
