using Grpc.Core;
using Mgmt.Mesh.Api.Calls;
using Mgmt.Mesh.Node;
using Mgmt.Store.Watches;

namespace Mgmt.Mesh.Api.Watches;

/// <summary>
/// One client's watch stream. One loop does everything, so that nothing is told of a watch before its creation, or after its end: it takes a request, then
/// what the watches have to tell, then waits for more of either.
/// </summary>
internal sealed partial class WatchStream(IStoreNode node, ApiOptions options, CallCounts counts, TimeProvider time, WatchSender sender, KeyRights rights)
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(20);

    private readonly WatchQueue _queue = new();
    private readonly WatchTable _watches = new();
    private readonly ProgressRound _progress = new(node);

    /// <summary>Serves the stream until its client is gone or it is cancelled.</summary>
    public async Task RunAsync(IAsyncStreamReader<Wire.WatchRequest> requests, TimeSpan noticesAfter, CancellationToken cancel)
    {
        try
        {
            await LoopAsync(requests, noticesAfter, cancel);
        }
        finally
        {
            foreach (var watch in _watches.Live) await node.UnwatchAsync(watch.Watcher);
            counts.EndWatches(_watches.Count);
        }
    }

    private async Task LoopAsync(IAsyncStreamReader<Wire.WatchRequest> requests, TimeSpan noticesAfter, CancellationToken cancel)
    {
        var request = requests.MoveNext(cancel);
        var queued = _queue.WaitAsync(cancel).AsTask();
        var notices = Task.Delay(noticesAfter, time, cancel);
        while (true)
        {
            await WaitAsync(request, queued, notices, cancel);
            if (request.IsCompleted) request = await TakeAsync(request, requests, cancel);
            if (queued.IsCompleted) queued = await TellAsync(queued, cancel);
            if (notices.IsCompleted) notices = await NoticeAsync(noticesAfter, cancel);
            if (_progress.IsOpen) await AnswerProgressAsync();
            await sender.FlushAsync();
        }
    }

    // A watch that reads history does not say when it is through; who waits for that looks again.
    private async Task WaitAsync(Task request, Task queued, Task notices, CancellationToken cancel)
    {
        if (!_progress.IsOpen)
        {
            await Task.WhenAny(request, queued, notices);
            return;
        }

        using var again = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await Task.WhenAny(request, queued, notices, Task.Delay(LookAgainAfter, time, again.Token));
        await again.CancelAsync();
    }

    // A client that will ask nothing more is still told.
    private async Task<Task<bool>> TakeAsync(Task<bool> request, IAsyncStreamReader<Wire.WatchRequest> requests, CancellationToken cancel)
    {
        if (!await request) return new TaskCompletionSource<bool>().Task.WaitAsync(cancel);
        await HandleAsync(requests.Current);
        return requests.MoveNext(cancel);
    }

    private async Task<Task> TellAsync(Task queued, CancellationToken cancel)
    {
        await queued;
        while (_queue.TryRead(out var message))
        {
            if (_watches.TryFind(message.Watcher, out var watch)) await TellAsync(watch, message);
        }

        node.QueueDrained();
        return _queue.WaitAsync(cancel).AsTask();
    }

    private async Task<Task> NoticeAsync(TimeSpan noticesAfter, CancellationToken cancel)
    {
        foreach (var watch in _watches.Live.Where(static one => one.WantsProgress))
        {
            if (watch.IsQuiet && !watch.IsNoticeDue) watch.IsNoticeDue = await node.TellProgressAsync(watch.Watcher);
            watch.IsQuiet = true;
        }

        return Task.Delay(noticesAfter, time, cancel);
    }

    private async ValueTask AnswerProgressAsync()
    {
        if (await _progress.AskAsync(_watches) is not { } revision) return;
        for (var i = _progress.TakeWaiting(); i > 0; i--) await sender.SendAsync(revision, new() { WatchId = NoId });
    }
}
