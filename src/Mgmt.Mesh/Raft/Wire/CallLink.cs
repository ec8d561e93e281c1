namespace Mgmt.Mesh.Raft.Wire;

/// <summary>How a call ended.</summary>
internal enum CallEnd
{
    /// <summary>There is an answer.</summary>
    Answered,

    /// <summary>It was never sent.</summary>
    NotSent,

    /// <summary>It may have been done: the connection broke under it.</summary>
    Lost,
}

/// <summary>The answer to a call, if there is one.</summary>
internal readonly record struct CallResult(CallEnd End, ReadOnlyMemory<byte> Answer);

/// <summary>Calls to one member over one connection, which is made when it is needed.</summary>
internal sealed class CallLink(ulong member, Dialer dialer, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Calls that may wait for their answer.</summary>
    private const int MaxInFlight = 4096;

    /// <summary>After a vain attempt to connect, calls fail at once for this long.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly SemaphoreSlim _connecting = new(1, 1);
    private readonly CancellationTokenSource _closing = new();
    private volatile Session? _session;
    private long _failedAt = long.MinValue;

    public async ValueTask<CallResult> CallAsync(CallKind kind, ReadOnlyMemory<byte> prefix, ReadOnlyMemory<byte> payload, CancellationToken cancel)
    {
        var session = _session is { IsOver: false } open ? open : await ConnectAsync().AsTask().WaitAsync(cancel);
        return session is null ? new CallResult(CallEnd.NotSent, default) : await session.CallAsync(kind, prefix, payload, cancel);
    }

    /// <summary>Sends what needs no answer, if there is a connection.</summary>
    public void Tell(CallKind kind, ReadOnlySpan<byte> payload)
    {
        if (_session is { IsOver: false } open) open.Tell(kind, payload);
        else _ = ConnectAsync().AsTask();
    }

    /// <summary>Ends the connection: all that wait for an answer get none.</summary>
    public void HangUp() => _session?.End();

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        HangUp();
    }

    /// <summary>Not ended by any one caller: others may wait for the same connection.</summary>
    private async ValueTask<Session?> ConnectAsync()
    {
        try
        {
            await _connecting.WaitAsync(_closing.Token);
            try
            {
                if (_session is { IsOver: false } open) return open;
                if (_failedAt != long.MinValue && time.GetElapsedTime(_failedAt) < Pause) return null;
                return _session = new Session(await dialer.ConnectAsync(member, Purpose.Calls, _closing.Token));
            }
            catch (IOException)
            {
                _failedAt = time.GetTimestamp();
                return null;
            }
            finally
            {
                _connecting.Release();
            }
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>One connection's life.</summary>
    private sealed class Session
    {
        private readonly Lock _gate = new();
        private readonly Stream _stream;
        private readonly FrameStream _frames;
        private readonly Dictionary<ulong, TaskCompletionSource<CallResult>> _waiting = [];
        private ulong _number;

        public Session(Stream stream)
        {
            (_stream, _frames) = (stream, new FrameStream(stream));
            _ = ReadAllAsync();
        }

        public bool IsOver { get; private set; }

        public async ValueTask<CallResult> CallAsync(CallKind kind, ReadOnlyMemory<byte> prefix, ReadOnlyMemory<byte> payload, CancellationToken cancel)
        {
            var answer = new TaskCompletionSource<CallResult>(TaskCreationOptions.RunContinuationsAsynchronously);
            ulong number;
            lock (_gate)
            {
                if (IsOver || _waiting.Count >= MaxInFlight) return new CallResult(CallEnd.NotSent, default);
                _waiting.Add(number = ++_number, answer);
            }

            try
            {
                if (!_frames.TrySend(number, kind, prefix.Span, payload.Span)) return new CallResult(CallEnd.NotSent, default);
                return await answer.Task.WaitAsync(cancel);
            }
            finally
            {
                lock (_gate) _waiting.Remove(number);
            }
        }

        public void Tell(CallKind kind, ReadOnlySpan<byte> payload) => _frames.TrySend(0, kind, payload, default);

        public void End() => _stream.Dispose();

        private async Task ReadAllAsync()
        {
            try
            {
                while (true)
                {
                    var frame = await _frames.ReadAsync(default);
                    TaskCompletionSource<CallResult>? answer;
                    lock (_gate) _waiting.Remove(frame.Number, out answer);
                    answer?.TrySetResult(new CallResult(CallEnd.Answered, frame.Payload));
                }
            }
            catch (Exception)
            {
                // Whatever broke it, the connection is over and all who wait are told.
            }

            TaskCompletionSource<CallResult>[] lost;
            lock (_gate)
            {
                IsOver = true;
                lost = [.. _waiting.Values];
                _waiting.Clear();
            }

            await _stream.DisposeAsync();
            foreach (var one in lost) one.TrySetResult(new CallResult(CallEnd.Lost, default));
        }
    }
}
