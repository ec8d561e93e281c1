using System.Buffers;
using System.Threading.Channels;
using Mgmt.Engine.Running;

namespace Mgmt.Cli.Logs;

/// <summary>
/// Takes reports without ever making their teller wait: they are queued, and one loop of its own shows them in their order. When the output does not keep up, what finds
/// the queue full is dropped and counted; when the output is gone, logging ends quietly.
/// </summary>
internal sealed class LogWriter : IAsyncDisposable
{
    private const int MostQueued = 16_384;
    private const int BatchBytes = 64 * 1024;

    private static readonly TimeSpan MostFlush = TimeSpan.FromSeconds(2);

    private readonly ILogView _view;
    private readonly TimeProvider _time;
    private readonly Channel<Entry> _queue;
    private readonly ArrayBufferWriter<byte> _batch = new(BatchBytes);
    private readonly Task _loop;
    private long _dropped;
    private volatile bool _isGone;

    /// <summary>Starts the loop.</summary>
    public LogWriter(Stream output, ILogView view, TimeProvider time, int mostQueued = MostQueued)
    {
        _view = view;
        _time = time;
        _queue = Channel.CreateBounded<Entry>(new BoundedChannelOptions(mostQueued) { SingleReader = true });

        // A thread of its own: a blocked output must not take one from the checks.
        _loop = Task.Factory.StartNew(() => Drain(output), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>How many reports wait to be shown.</summary>
    public int QueueLength => _queue.Reader.Count;

    /// <summary>Shows a report later, or drops it. Never blocks; may be called on any thread.</summary>
    public void Tell(Report report)
    {
        if (_isGone) return;
        var entry = new Entry(_time.GetUtcNow(), report, Interlocked.Exchange(ref _dropped, 0));
        if (!_queue.Writer.TryWrite(entry)) Interlocked.Add(ref _dropped, entry.DroppedBefore + 1);
    }

    /// <summary>Shows what is queued, for at most two seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        try
        {
            await _loop.WaitAsync(MostFlush, _time);
        }
        catch (TimeoutException)
        {
            _isGone = true; // the loop's thread is a background one: it does not hold up the end of the program
        }
    }

    private void Drain(Stream output)
    {
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_queue.Reader.TryRead(out var entry))
            {
                ShowDropped(entry.DroppedBefore, entry.Time);
                Show(entry);
                if (_batch.WrittenCount >= BatchBytes) Flush(output);
            }

            ShowDropped(Interlocked.Exchange(ref _dropped, 0), _time.GetUtcNow());
            Flush(output);
        }

        ShowDropped(Interlocked.Exchange(ref _dropped, 0), _time.GetUtcNow());
        Flush(output);
    }

    private void Show(Entry entry)
    {
        try
        {
            _view.Write(entry.Time, entry.Report, _batch);
        }
        catch (Exception bug)
        {
            // A mistake of a view must not end the log: the next report is shown again.
            _view.Write(entry.Time, new FaultReport($"cannot show a {entry.Report.GetType().Name}: {bug}"), _batch);
        }
    }

    private void ShowDropped(long count, DateTimeOffset time)
    {
        if (count > 0) _view.WriteDropped(time, count, _batch);
    }

    private void Flush(Stream output)
    {
        try
        {
            if (_batch.WrittenCount > 0 && !_isGone) output.Write(_batch.WrittenSpan);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            _isGone = true;
        }

        _batch.ResetWrittenCount();
    }

    private readonly record struct Entry(DateTimeOffset Time, Report Report, long DroppedBefore);
}
