namespace Mgmt.Mesh.Raft.Log;

/// <content>
/// Records wait in memory until a flush takes all of them at once; who needs one and finds none under way does it on its own thread. Their room on the disk
/// is there before they are accepted.
/// </content>
internal sealed partial class EntryLog
{
    private readonly List<Chunk> _pending = [];
    private TaskCompletionSource _flushDone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _flushing;
    private long _appended;
    private long _flushed;
    private long _flushedIndex;
    private long _flushingTo;
    private Segment? _flushedIn;
    private int _flushedTail;

    /// <summary>Everything up to this index is on the disk.</summary>
    public long FlushedIndex
    {
        get { lock (_gate) return _flushedIndex; }
    }

    /// <summary>Begins to flush, if nobody does, and does not wait.</summary>
    public void StartFlush()
    {
        lock (_gate)
        {
            if (_flushing || _pending.Count == 0) return;
            _flushing = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static log => log.FlushOnce(), this, preferLocal: false);
    }

    /// <summary>Has everything that was appended up to now on the disk.</summary>
    public ValueTask FlushAllAsync(CancellationToken cancel)
    {
        long target;
        lock (_gate) target = _appended;
        return FlushUntilAsync(target, long.MaxValue, cancel);
    }

    /// <summary>Has an entry, and all before it, on the disk.</summary>
    public ValueTask FlushThroughAsync(long index, CancellationToken cancel) => FlushUntilAsync(long.MaxValue, index, cancel);

    private async ValueTask FlushUntilAsync(long count, long index, CancellationToken cancel)
    {
        while (true)
        {
            Task? wait = null;
            lock (_gate)
            {
                ThrowIfBroken();
                if (_flushed >= count || _flushedIndex >= index || (index != long.MaxValue && index > _entries.Last)) return;
                if (_flushing) wait = _flushDone.Task;
                else _flushing = true;
            }

            if (wait is null) FlushOnce();
            else await wait.WaitAsync(cancel);
        }
    }

    /// <summary>Writes and flushes all that waits. The caller has set <see cref="_flushing"/>.</summary>
    private void FlushOnce()
    {
        Chunk[] chunks;
        long count;
        (Segment, int) end;
        lock (_gate)
        {
            chunks = [.. _pending];
            _pending.Clear();
            (count, _flushingTo, end) = (_appended, _entries.Last, (_active, _tail));
        }

        LogException? failure = null;
        try
        {
            Write(chunks);
        }
        catch (Exception e)
        {
            // After a failed flush nobody knows what is on the disk: nothing more may be acknowledged by this process.
            failure = new LogException($"cannot write the log in {_folder}: {e.Message}. Start this member again once the disk is well", e);
        }

        Publish(count, end, failure);
    }

    private void Publish(long count, (Segment In, int Tail) end, LogException? failure)
    {
        TaskCompletionSource done;
        lock (_gate)
        {
            _broken ??= failure;
            if (failure is null) (_flushed, _flushedIndex, _flushedIn, _flushedTail) = (count, Math.Max(_flushedIndex, _flushingTo), end.In, end.Tail);
            (done, _flushDone) = (_flushDone, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            _flushing = false;
            Forget();
        }

        done.SetResult();
        if (failure is null) StartFlush();
    }

    private static void Write(Chunk[] chunks)
    {
        for (var at = 0; at < chunks.Length; at++)
        {
            var chunk = chunks[at];
            chunk.Segment.Write(chunk.Bytes.AsSpan(0, chunk.Length), chunk.Offset);

            // A file is whole on the disk before anything is in the next: the end of the log is in one file.
            if (at + 1 == chunks.Length || chunks[at + 1].Segment != chunk.Segment) chunk.Segment.Flush();
        }
    }

    /// <summary>Gives a record its place and queues it.</summary>
    private (Segment Segment, int Offset) Enqueue(in RecordHead head, ReadOnlySpan<byte> payload)
    {
        MakeRoom(head);
        var offset = _tail;
        if (_pending.Count == 0 || !_pending[^1].Takes(_active, head.Size)) _pending.Add(new Chunk(_active, offset, head.Size));
        RecordCodec.Write(_pending[^1].Extend(head.Size), head with { Flushed = _flushedIn == _active ? _flushedTail : Segment.HeadSize }, payload);
        _tail += head.Size;
        _appended++;
        _active.LastIndex = Math.Max(_active.LastIndex, head.Index);
        if (_spare is null && !_sparing && _tail > _active.Size / 2)
        {
            _sparing = true;
            _spareMade = Task.Run(MakeSpare);
        }

        return (_active, offset);
    }

    /// <summary>When the disk is full, a little room is left for Raft's own entries, without which nobody could lead.</summary>
    private void MakeRoom(in RecordHead head)
    {
        if (_tail + head.Size > _active.Size) NextSegment();
        if (_spare is not null || _sparing || head.Kind != EntryKind.Command || head.Length == 0 || _tail + head.Size <= _active.Size - _active.Size / 16) return;
        _spare = (TryPrepare(flush: true) is { } fresh ? TryName(fresh) : null) ?? throw Full();
    }

    private void NextSegment()
    {
        var next = _spare ?? (TryPrepare(flush: true) is { } fresh ? TryName(fresh) : null) ?? throw Full();
        _spare = null;
        _segments.Add(next);
        (_active, _tail) = (next, Segment.HeadSize);
    }

    private LogException Full() => new(
        $"cannot append to the log in {_folder}: there is no room for another {_segmentSize >> 10} KiB on the disk. Make room; nothing was lost, and no restart is needed");

    /// <summary>Has the next file ready before it is needed.</summary>
    private void MakeSpare()
    {
        var fresh = TryPrepare(flush: true);
        lock (_gate)
        {
            _sparing = false;
            if (fresh is null) return;
            if (_broken is null && _spare is null) _spare = TryName(fresh);
            else fresh.Delete();
        }
    }

    /// <summary>Nobody waits for this: what fails is tried again when the room is needed.</summary>
    private Segment? TryName(NamelessSegment fresh)
    {
        try
        {
            return Segment.Name(fresh, _folder, _active.Sequence + 1, _identity);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            fresh.Delete();
            return null;
        }
    }

    private NamelessSegment? TryPrepare(bool flush)
    {
        try
        {
            return Segment.Prepare(_folder, _segmentSize, flush);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Bytes that go to one place of one file.</summary>
    private sealed class Chunk(Segment segment, int offset, int room)
    {
        public Segment Segment { get; } = segment;

        public int Offset { get; } = offset;

        public byte[] Bytes { get; private set; } = new byte[Math.Max(room, 4096)];

        public int Length { get; private set; }

        public bool Takes(Segment segment, int size) => segment == Segment && Length + size <= 1 << 20;

        public Span<byte> Extend(int size)
        {
            if (Length + size > Bytes.Length)
            {
                var grown = new byte[Math.Max(Bytes.Length * 2, Length + size)];
                Bytes.AsSpan(0, Length).CopyTo(grown);
                Bytes = grown;
            }

            Length += size;
            return Bytes.AsSpan(Length - size, size);
        }
    }
}
