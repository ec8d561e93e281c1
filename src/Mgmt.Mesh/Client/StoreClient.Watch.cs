using System.Runtime.CompilerServices;
using Grpc.Core;
using Mgmt.Mesh.Wire;

namespace Mgmt.Mesh.Client;

/// <summary>Watching.</summary>
public sealed partial class StoreClient
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50), LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Tells the changes of a range, in order and each once, until the watch is cancelled. When a stream breaks, it goes on behind the last change at whichever
    /// endpoint answers; only when no endpoint takes the watch at its beginning, or history is gone, it ends.
    /// </summary>
    /// <param name="request">What to watch; its start revision 0 is "from now on".</param>
    /// <param name="cancel">Ends it, by <see cref="OperationCanceledException"/>.</param>
    public async IAsyncEnumerable<WatchNews> WatchAsync(WatchCreateRequest request, [EnumeratorCancellation] CancellationToken cancel)
    {
        var asked = request.Clone();
        var hasBegun = false;
        var failed = new List<StoreFailure>();
        for (var pause = ShortestPause; ;)
        {
            var line = _lines[_current % _lines.Length];
            await foreach (var news in WatchOnceAsync(line, asked, cancel))
            {
                if (news is WatchNews.Changed) pause = ShortestPause;
                if (news is WatchNews.Interrupted broken) failed.Add(broken.Failure);
                else failed.Clear();

                // Of an outage the first break is told, and nothing before the beginning.
                if (news is WatchNews.Interrupted && (!hasBegun || failed.Count > 1)) continue;
                hasBegun |= news is WatchNews.Began;
                yield return news;
                if (news is WatchNews.Ended) yield break;
            }

            _current = (_current + 1) % _lines.Length;
            if (!hasBegun && failed.Count >= _lines.Length)
            {
                yield return new WatchNews.Ended(OfAll(failed), 0);
                yield break;
            }

            if (!hasBegun) continue;
            await Task.Delay(pause, _time, cancel);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>One stream, up to its break; the request is moved on behind all that was told.</summary>
    private async IAsyncEnumerable<WatchNews> WatchOnceAsync(StoreLine line, WatchCreateRequest asked, [EnumeratorCancellation] CancellationToken cancel)
    {
        // With hasleader a member that lost its leader ends the stream instead of staying silent.
        using var call = line.Watches.Watch(new CallOptions([new Metadata.Entry("hasleader", "true")], cancellationToken: cancel));
        for (var isFirst = true; ; isFirst = false)
        {
            var (response, failure) = await NextAsync(line, call, isFirst ? asked : null, cancel);
            if (failure is { Kind: FailureKind.Refused }) yield return new WatchNews.Ended(failure, 0);
            if (failure is not null && failure.Kind != FailureKind.Refused) yield return new WatchNews.Interrupted(failure);
            if (response is null) yield break;
            if (response.Canceled)
            {
                yield return OfCancelled(response);
                yield break;
            }

            if (response.Created)
            {
                if (asked.StartRevision == 0) asked.StartRevision = response.Header.Revision + 1;
                yield return new WatchNews.Began(response.Header.Revision);
            }

            if (response.Events.Count == 0) continue;
            yield return new WatchNews.Changed(response.Events);
            asked.StartRevision = response.Events[^1].Kv.ModRevision + 1;
        }
    }

    private static StoreFailure StreamEnded(Endpoint endpoint) => new(FailureKind.Unknown, $"{endpoint} ended the stream", "it goes on at another endpoint");

    private static WatchNews OfCancelled(WatchResponse response) => response.CompactRevision > 0
        ? new WatchNews.Ended(
            new(FailureKind.Compacted, $"the history before revision {response.CompactRevision} was compacted", $"go on with --rev {response.CompactRevision}, and read what is there now first"),
            response.CompactRevision)
        : response.CancelReason.Contains("no leader", StringComparison.Ordinal)
            ? new WatchNews.Interrupted(new(FailureKind.NotDone, response.CancelReason, "it goes on when there is a leader"))
            : new WatchNews.Ended(new(FailureKind.Refused, response.CancelReason.Length > 0 ? response.CancelReason : "the store ended the watch", "correct the request"), 0);

    private async Task<(WatchResponse? Response, StoreFailure? Failure)> NextAsync(
        StoreLine line, AsyncDuplexStreamingCall<WatchRequest, WatchResponse> call, WatchCreateRequest? create, CancellationToken cancel)
    {
        try
        {
            // The answer to the creation comes at once, or this endpoint is no good.
            using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            if (create is not null) late.CancelAfter(_timeout);
            if (create is not null) await call.RequestStream.WriteAsync(new WatchRequest { CreateRequest = create.Clone() }, late.Token);
            return await call.ResponseStream.MoveNext(late.Token) ? (call.ResponseStream.Current, null) : (null, StreamEnded(line.Endpoint));
        }
        catch (RpcException error)
        {
            cancel.ThrowIfCancellationRequested();
            var isLate = create is not null && error.StatusCode == StatusCode.Cancelled;
            return (null, FailureWords.Of(isLate ? new RpcException(new Status(StatusCode.DeadlineExceeded, "")) : error, line.Endpoint, _timeout));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return (null, FailureWords.Of(new RpcException(new Status(StatusCode.DeadlineExceeded, "")), line.Endpoint, _timeout));
        }
    }
}
