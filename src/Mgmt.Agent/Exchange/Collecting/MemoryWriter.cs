using System.Threading.Channels;
using Mgmt.Linux.Files;

namespace Mgmt.Agent.Exchange;

/// <summary>Brings what is to be remembered to the disk, the latest only: nobody waits for it, and it rests nine times as long as it works.</summary>
internal sealed class MemoryWriter : IAsyncDisposable
{
    private const int RestPerWork = 9;

    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly Action<string> _warn;
    private readonly Channel<Remembered> _latest = Channel.CreateBounded<Remembered>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly CancellationTokenSource _hurry = new();
    private readonly Task _work;
    private string _told = "";

    public MemoryWriter(string path, TimeProvider time, Action<string> warn)
    {
        (_path, _time, _warn) = (path, time, warn);
        _work = WorkAsync();
    }

    /// <summary>Takes the place of what was to be remembered before.</summary>
    public void Write(Remembered memory) => _latest.Writer.TryWrite(memory);

    /// <summary>Writes what is left to write.</summary>
    public async ValueTask DisposeAsync()
    {
        _latest.Writer.Complete();
        await _hurry.CancelAsync();
        await _work;
        _hurry.Dispose();
    }

    private async Task WorkAsync()
    {
        await foreach (var memory in _latest.Reader.ReadAllAsync())
        {
            var since = _time.GetTimestamp();
            Save(memory);
            await Task.Delay(_time.GetElapsedTime(since) * RestPerWork, _time, _hurry.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Save(Remembered memory)
    {
        try
        {
            memory.Write(_path);
            _told = "";
        }
        catch (Exception error) when (error is FileException or IOException or UnauthorizedAccessException)
        {
            var sentence = $"cannot remember what is collected: {error.Message}; after a restart without a mesh it would be missing from the graph";
            if (sentence != _told) _warn(sentence);
            _told = sentence;
        }
    }
}
