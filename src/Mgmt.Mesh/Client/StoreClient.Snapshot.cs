using Grpc.Core;

namespace Mgmt.Mesh.Client;

/// <summary>Taking snapshots.</summary>
public sealed partial class StoreClient
{
    /// <summary>
    /// Writes a member's snapshot with the checksum at its end to a stream, from the first endpoint that answers, and holds it against that checksum.
    /// </summary>
    /// <param name="target">Where to; after a failure what is there is of no use.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="IOException">The target cannot be written.</exception>
    public async Task<StoreAnswer<SnapshotSum>> SnapshotAsync(Stream target, CancellationToken cancel)
    {
        var failures = new List<StoreFailure>();
        foreach (var line in _lines)
        {
            var answer = await SnapshotAsync(line, target, cancel);
            if (answer.Failure is not { Kind: FailureKind.Unreachable } failure) return answer;
            failures.Add(failure);
        }

        return new(null, OfAll(failures), _lines[^1].Endpoint);
    }

    private async Task<StoreAnswer<SnapshotSum>> SnapshotAsync(StoreLine line, Stream target, CancellationToken cancel)
    {
        using var sum = new SnapshotHash();
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            using var call = line.Maintenance.Snapshot(new(), new CallOptions(cancellationToken: late.Token));
            for (; ;)
            {
                // However long the whole takes, each piece comes in time.
                late.CancelAfter(_timeout);
                if (!await call.ResponseStream.MoveNext(late.Token)) break;
                late.CancelAfter(Timeout.InfiniteTimeSpan);
                var piece = call.ResponseStream.Current.Blob.Memory;
                sum.Add(piece.Span);
                await target.WriteAsync(piece, cancel);
            }
        }
        catch (Exception error) when (error is RpcException or OperationCanceledException)
        {
            cancel.ThrowIfCancellationRequested();
            var broken = error is RpcException { StatusCode: not StatusCode.Cancelled } rpc ? rpc : new RpcException(new Status(StatusCode.DeadlineExceeded, ""));
            return new(null, FailureWords.Of(broken, line.Endpoint, _timeout), line.Endpoint);
        }

        return sum.Finish(out var problem) is { } result
            ? new(result, null, line.Endpoint)
            : new(null, new(FailureKind.Refused, $"what {line.Endpoint} sent {problem}", "take another one"), line.Endpoint);
    }
}
