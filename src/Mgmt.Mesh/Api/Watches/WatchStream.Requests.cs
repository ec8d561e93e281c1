using Mgmt.Mesh.Api.Calls;
using Mgmt.Store;
using Mgmt.Store.Watches;

namespace Mgmt.Mesh.Api.Watches;

/// <summary>What a client asks, and what its watches tell.</summary>
internal sealed partial class WatchStream
{
    private const long NoId = -1;

    private async ValueTask HandleAsync(Wire.WatchRequest request)
    {
        switch (request.RequestUnionCase)
        {
            case Wire.WatchRequest.RequestUnionOneofCase.CreateRequest:
                await CreateAsync(request.CreateRequest);
                break;
            case Wire.WatchRequest.RequestUnionOneofCase.CancelRequest when _watches.TryFind(request.CancelRequest.WatchId, out var watch):
                await node.UnwatchAsync(watch.Watcher);
                Remove(watch);
                await sender.SendAsync(node.View.Revision, new() { WatchId = watch.Id, Canceled = true });
                break;
            case Wire.WatchRequest.RequestUnionOneofCase.ProgressRequest:
                _progress.Begin();
                break;
        }
    }

    private async ValueTask CreateAsync(Wire.WatchCreateRequest request)
    {
        var wanted = WatchCreation.Read(request);
        if (Refusal(wanted, request.WatchId) is { } reason)
        {
            await sender.SendAsync(node.View.Revision, new() { WatchId = NoId, Created = true, Canceled = true, CancelReason = reason });
            return;
        }

        var (watcher, revision) = await node.WatchAsync(wanted, _queue);
        // The store is still being opened: the client is to come again, as after a broken connection.
        if (watcher is null) throw Failures.Of(StoreError.NoLeader);
        var watch = new StreamWatch(request.WatchId == 0 ? _watches.NextId() : request.WatchId, watcher, request) { IsQuiet = true };
        _watches.Add(watch);
        await sender.SendAsync(revision, new() { WatchId = watch.Id, Created = true });
    }

    private string? Refusal(WatchRequest wanted, long id)
    {
        if (wanted.Keys.IsEmpty) return "mvcc: watcher range is empty";
        if (rights.ReadRefusal(wanted.Keys) is { } denied) return $"etcdserver: permission denied: {denied}";
        if (id != 0 && _watches.Has(id)) return "mvcc: duplicate watch ID provided on the WatchStream";
        var hasRoom = _watches.Count < options.Limits.WatchesPerStream && counts.TryBeginWatch(options.Limits.Watches);
        return hasRoom ? null : StoreError.TooManyRequests.Message;
    }

    private async ValueTask TellAsync(StreamWatch watch, WatchMessage message)
    {
        switch (message)
        {
            case WatchMessage.Batch batch:
                await TellAsync(watch, batch);
                break;
            case WatchMessage.Compacted compacted:
                _watches.Silence(watch);
                await sender.SendAsync(0, new() { WatchId = watch.Id, Canceled = true, CompactRevision = compacted.CompactRevision });
                break;
            case WatchMessage.TooSlow slow:
                Remove(watch);
                var reason = $"etcdserver: watcher did not take its events in time; resume from revision {slow.ResumeRevision}";
                await sender.SendAsync(slow.ResumeRevision - 1, new() { WatchId = watch.Id, Canceled = true, CancelReason = reason });
                break;
        }
    }

    private async ValueTask TellAsync(StreamWatch watch, WatchMessage.Batch batch)
    {
        if (batch.Events.Count > 0)
        {
            watch.IsQuiet = false;
            await sender.SendAsync(watch, batch);
        }
        else if (watch.IsNoticeDue)
        {
            watch.IsNoticeDue = false;
            await sender.SendAsync(batch.Revision, new() { WatchId = watch.Id });
        }

        _progress.Heard(watch, batch);
    }

    private void Remove(StreamWatch watch)
    {
        _watches.Remove(watch);
        counts.EndWatches(1);
    }
}
