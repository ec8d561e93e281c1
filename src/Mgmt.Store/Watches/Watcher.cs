namespace Mgmt.Store.Watches;

/// <summary>What to watch.</summary>
/// <param name="Keys">Which keys.</param>
public sealed record WatchRequest(KeyRange Keys)
{
    /// <summary>The first revision to tell of; 0 is the next one.</summary>
    public long StartRevision { get; init; }

    /// <summary>Leave writes out.</summary>
    public bool NoPut { get; init; }

    /// <summary>Leave deletions out.</summary>
    public bool NoDelete { get; init; }

    internal bool Wants(Event one) => !(one.Kind == EventKind.Put ? NoPut : NoDelete);
}

/// <summary>How much a watcher may have waiting, and how much history is read at once.</summary>
/// <param name="Events">The most events that wait for one watcher. A single revision may be more.</param>
/// <param name="Bytes">The most bytes of keys and values that they have, each with an allowance.</param>
/// <param name="CatchUpEvents">How many events of history are looked at in one step for one watcher.</param>
/// <param name="Behind">How many revisions a watcher that fell behind may be behind when it takes events again, before it is cut off.</param>
public sealed record WatchLimits(int Events = 10_000, long Bytes = 8 * 1024 * 1024, int CatchUpEvents = 1000, int Behind = 100_000);

/// <summary>What a watcher is told.</summary>
public abstract record WatchMessage
{
    private WatchMessage(Watcher watcher) => Watcher = watcher;

    /// <summary>Whom it is for.</summary>
    public Watcher Watcher { get; }

    /// <summary>
    /// Events in order, those of one revision never parted; none when only the progress is told. An event says what was before whether the client asked for
    /// that or not.
    /// </summary>
    public sealed record Batch(Watcher Of, long Revision, IReadOnlyList<Event> Events) : WatchMessage(Of);

    /// <summary>The end: what it wants to know from has been compacted.</summary>
    public sealed record Compacted(Watcher Of, long CompactRevision) : WatchMessage(Of);

    /// <summary>The end: it did not take its events in time. Nothing before the revision is missing.</summary>
    public sealed record TooSlow(Watcher Of, long ResumeRevision) : WatchMessage(Of);
}

/// <summary>One watch. Its hub writes to the queue, and who reads the queue makes room again.</summary>
public sealed class Watcher
{
    private readonly WatchQueue _queue;
    private long _waitingEvents;
    private long _waitingBytes;

    internal Watcher(WatchRequest request, WatchQueue queue, long next) => (Request, _queue, Next) = (request, queue, next);

    /// <summary>What it watches.</summary>
    public WatchRequest Request { get; }

    /// <summary>Whether it has all history behind it and hears of changes as they come.</summary>
    public bool IsSynced { get; internal set; }

    /// <summary>Whether nothing waits to be read.</summary>
    public bool IsDrained => Volatile.Read(ref _waitingEvents) == 0;

    /// <summary>The next revision that it has not been told of.</summary>
    internal long Next { get; set; }

    internal bool IsOver { get; set; }

    /// <summary>It heard of changes as they came, and did not take them as fast.</summary>
    internal bool HasFallenBehind { get; set; }

    /// <summary>Hands events over if there is room; to a watcher with nothing waiting, any number.</summary>
    internal bool TryTell(long revision, IReadOnlyList<Event> events, long bytes, WatchLimits limits)
    {
        var waiting = Volatile.Read(ref _waitingEvents);
        if (waiting > 0 && (waiting + events.Count > limits.Events || Volatile.Read(ref _waitingBytes) + bytes > limits.Bytes)) return false;
        Interlocked.Add(ref _waitingEvents, events.Count);
        Interlocked.Add(ref _waitingBytes, bytes);
        _queue.Add(new WatchMessage.Batch(this, revision, events), bytes);
        return true;
    }

    internal void TellEnd(WatchMessage end)
    {
        IsOver = true;
        _queue.Add(end, 0);
    }

    internal void Took(int events, long bytes)
    {
        Interlocked.Add(ref _waitingEvents, -events);
        Interlocked.Add(ref _waitingBytes, -bytes);
    }
}
