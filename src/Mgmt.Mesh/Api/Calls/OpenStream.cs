using Grpc.Core;
using Mgmt.Store;

namespace Mgmt.Mesh.Api.Calls;

/// <summary>A stream that is being served, and why it has to end if it has to.</summary>
internal sealed class OpenStream : IDisposable
{
    private static readonly object Key = new();

    private static readonly TimeSpan LastWord = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenSource _writing;
    private readonly CancellationToken _client;
    private StoreError? _why;

    public OpenStream(ServerCallContext context, bool needsLeader)
    {
        NeedsLeader = needsLeader;
        _client = context.CancellationToken;
        _source = CancellationTokenSource.CreateLinkedTokenSource(_client);
        _writing = CancellationTokenSource.CreateLinkedTokenSource(_client);
        context.UserState[Key] = this;
    }

    /// <summary>Whether its client asked for its end when there is no leader.</summary>
    public bool NeedsLeader { get; }

    /// <summary>
    /// What answers are written with. Kestrel cuts a connection whose write is cancelled, and with it the reason why: a write that is under way when the stream
    /// is ended has a moment more.
    /// </summary>
    public CancellationToken Writing => _writing.Token;

    public static OpenStream Of(ServerCallContext context) => (OpenStream)context.UserState[Key];

    /// <summary>Ends it; the first reason counts.</summary>
    public void End(StoreError why)
    {
        if (Interlocked.CompareExchange(ref _why, why, null) is not null) return;
        _writing.CancelAfter(LastWord);
        _ = _source.CancelAsync();
    }

    /// <summary>Serves it until it is done, its client is gone, or it has to end.</summary>
    public async Task RunAsync(Func<CancellationToken, Task> serve)
    {
        try
        {
            await serve(_source.Token);
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException or InvalidOperationException && _source.IsCancellationRequested)
        {
            // A stream that was ended fails in whatever it was doing.
            throw _why is { } why ? Failures.Of(why) : Failures.Of(Grpc.Core.StatusCode.Cancelled, "etcdserver: stream canceled");
        }
        catch (IOException)
        {
            throw Failures.Of(Grpc.Core.StatusCode.Cancelled, "etcdserver: stream canceled");
        }
    }

    public void Dispose()
    {
        _source.Dispose();
        _writing.Dispose();
    }
}
