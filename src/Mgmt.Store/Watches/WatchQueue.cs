using System.Threading.Channels;

namespace Mgmt.Store.Watches;

/// <summary>
/// What the watchers of one stream have to tell, in order. One reader. It is bounded by what each watcher may have waiting; a message is off the count when
/// the next one is asked for, since until then its reader still holds it.
/// </summary>
public sealed class WatchQueue
{
    private readonly Channel<(WatchMessage Message, long Bytes)> _channel = Channel.CreateUnbounded<(WatchMessage, long)>(new() { SingleReader = true });
    private (WatchMessage? Message, long Bytes) _held;

    /// <summary>Takes the next message if there is one.</summary>
    public bool TryRead(out WatchMessage message)
    {
        Release();
        var has = _channel.Reader.TryRead(out var next);
        _held = next;
        message = next.Message;
        return has;
    }

    /// <summary>Ends when there is something to read.</summary>
    public async ValueTask WaitAsync(CancellationToken cancel)
    {
        Release();
        await _channel.Reader.WaitToReadAsync(cancel);
    }

    internal void Add(WatchMessage message, long bytes) => _channel.Writer.TryWrite((message, bytes));

    private void Release()
    {
        if (_held.Message is WatchMessage.Batch batch) batch.Watcher.Took(batch.Events.Count, _held.Bytes);
        _held = default;
    }
}
