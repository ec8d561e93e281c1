namespace Mgmt.Mesh.Raft.Wire;

/// <summary>Frames over a stream. Any thread may send; what comes while a write is under way goes out with the next one, all together.</summary>
internal sealed class FrameStream(Stream stream)
{
    /// <summary>What may wait to be written.</summary>
    private const int MaxWaiting = 16 << 20;
    private readonly Lock _gate = new();
    private readonly byte[] _head = new byte[Frame.HeadSize];
    private readonly BufferedStream _input = new(stream, 64 << 10);
    private byte[] _waiting = new byte[4096];
    private byte[] _writing = new byte[4096];
    private int _length;
    private bool _busy;
    private bool _broken;

    /// <summary>Queues a frame.</summary>
    /// <returns>False when it is surely not sent: the connection is broken or too much waits already.</returns>
    public bool TrySend(ulong number, CallKind kind, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> payload)
    {
        var size = Frame.HeadSize + prefix.Length + payload.Length;
        lock (_gate)
        {
            if (_broken || (_length > 0 && _length + size > MaxWaiting)) return false;
            if (_length + size > _waiting.Length) Array.Resize(ref _waiting, Math.Max(_waiting.Length * 2, _length + size));
            Frame.WriteHead(_waiting.AsSpan(_length), number, kind, prefix.Length + payload.Length);
            prefix.CopyTo(_waiting.AsSpan(_length + Frame.HeadSize));
            payload.CopyTo(_waiting.AsSpan(_length + Frame.HeadSize + prefix.Length));
            _length += size;
            if (_busy) return true;
            _busy = true;
        }

        _ = WriteAllAsync();
        return true;
    }

    /// <summary>Reads the next frame. Only one at a time.</summary>
    /// <exception cref="IOException">The connection ended.</exception>
    public async ValueTask<Frame> ReadAsync(CancellationToken cancel)
    {
        await _input.ReadExactlyAsync(_head, cancel);
        var (length, number, kind) = Frame.ReadHead(_head);
        var payload = length == 0 ? [] : new byte[length];
        await _input.ReadExactlyAsync(payload, cancel);
        return new Frame(number, kind, payload);
    }

    private async Task WriteAllAsync()
    {
        try
        {
            while (Take() is { Length: > 0 } bytes) await stream.WriteAsync(bytes);
        }
        catch (Exception)
        {
            // Who reads hears of it as well, and tells those who wait.
            lock (_gate) _broken = true;
            await stream.DisposeAsync();
        }
    }

    private ReadOnlyMemory<byte> Take()
    {
        lock (_gate)
        {
            if (_length == 0)
            {
                _busy = false;
                return default;
            }

            (_waiting, _writing) = (_writing, _waiting);
            var bytes = _writing.AsMemory(0, _length);
            _length = 0;
            return bytes;
        }
    }
}
