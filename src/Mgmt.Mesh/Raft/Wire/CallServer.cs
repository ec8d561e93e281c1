namespace Mgmt.Mesh.Raft.Wire;

/// <summary>Answers a call of another member.</summary>
internal interface ICallHandler
{
    /// <returns>The answer's payload.</returns>
    ValueTask<byte[]> AnswerAsync(ulong caller, CallKind kind, ReadOnlyMemory<byte> payload, CancellationToken cancel);
}

/// <summary>Serves the calls of one connection, many at a time.</summary>
internal static class CallServer
{
    /// <summary>Calls of one connection that may wait for their answer; then no more are read.</summary>
    private const int MaxInFlight = 4096;

    public static async Task ServeAsync(Stream stream, ulong caller, ICallHandler handler, CancellationToken cancel)
    {
        var frames = new FrameStream(stream);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var room = new SemaphoreSlim(MaxInFlight, MaxInFlight);
        try
        {
            while (true)
            {
                await room.WaitAsync(gone.Token);
                var frame = await frames.ReadAsync(gone.Token);
                var answer = handler.AnswerAsync(caller, frame.Kind, frame.Payload, gone.Token);
                if (answer.IsCompletedSuccessfully) Send(frames, frame, answer.Result, room);
                else _ = SendLaterAsync(frames, frame, answer, room);
            }
        }
        catch (EndOfStreamException)
        {
            // The caller hung up.
        }
        finally
        {
            await gone.CancelAsync();
        }
    }

    private static async Task SendLaterAsync(FrameStream frames, Frame frame, ValueTask<byte[]> answer, SemaphoreSlim room)
    {
        byte[] bytes;
        try
        {
            bytes = await answer;
        }
        catch (Exception)
        {
            // The caller is told that there is no answer.
            bytes = [];
        }

        Send(frames, frame, bytes, room);
    }

    private static void Send(FrameStream frames, Frame frame, byte[] answer, SemaphoreSlim room)
    {
        if (frame.Number != 0) frames.TrySend(frame.Number, CallKind.Answer, answer, default);
        try
        {
            room.Release();
        }
        catch (ObjectDisposedException)
        {
            // The connection ended meanwhile.
        }
    }
}
