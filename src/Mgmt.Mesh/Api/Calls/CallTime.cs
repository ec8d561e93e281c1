using Grpc.Core;
using Mgmt.Store;
using Mgmt.Store.Commands;

namespace Mgmt.Mesh.Api.Calls;

/// <summary>
/// How long a request may take: until shortly before its client's deadline, so that the answer still says what was missing, and never longer than the
/// bound. The client's going ends it too.
/// </summary>
internal sealed class CallTime : IDisposable
{
    private static readonly TimeSpan LongestMargin = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _source;
    private readonly CancellationToken _client;

    public CallTime(ServerCallContext context, TimeSpan bound, TimeProvider time)
    {
        _client = context.CancellationToken;
        _source = CancellationTokenSource.CreateLinkedTokenSource(_client);
        _source.CancelAfter(Left(context.Deadline, bound, time));
    }

    public CancellationToken Token => _source.Token;

    /// <summary>Waits for something that says by itself when the time is over, and says it in its place if it does not.</summary>
    public async ValueTask<T> WaitAsync<T>(ValueTask<T> task, Func<StoreError, T> timedOut)
    {
        try
        {
            return await task;
        }
        catch (OperationCanceledException) when (_source.IsCancellationRequested && !_client.IsCancellationRequested)
        {
            return timedOut(StoreError.TimedOut);
        }
    }

    /// <summary>Waits for an answer.</summary>
    public ValueTask<Response> WaitAsync(ValueTask<Response> task) => WaitAsync(task, static error => new Response.Failed(error));

    public void Dispose() => _source.Dispose();

    internal static TimeSpan Left(DateTime deadline, TimeSpan bound, TimeProvider time)
    {
        if (deadline == DateTime.MaxValue) return bound;
        var left = deadline - time.GetUtcNow().UtcDateTime;
        if (left <= TimeSpan.Zero) return TimeSpan.Zero;
        var margin = left / 10;
        left -= margin < LongestMargin ? margin : LongestMargin;
        return left < bound ? left : bound;
    }
}
