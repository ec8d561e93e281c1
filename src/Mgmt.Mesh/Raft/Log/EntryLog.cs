namespace Mgmt.Mesh.Raft.Log;

/// <summary>
/// The entries on the disk: files that are only ever appended to. A record with an index that was there before takes the place of that entry and of all behind it,
/// so a log that changes its mind is never half of each, whatever moment it dies at. Safe for threads.
/// </summary>
internal sealed partial class EntryLog : IDisposable
{
    private const int CacheBytes = 16 << 20;
    private readonly Lock _gate = new();
    private readonly string _folder;
    private readonly LogIdentity _identity;
    private readonly int _segmentSize;
    private readonly List<Segment> _segments = [];
    private readonly EntryIndex _entries = new();
    private Segment _active;
    private Segment? _spare;
    private bool _sparing;
    private Task _spareMade = Task.CompletedTask;
    private int _tail = Segment.HeadSize;
    private long _baseTerm;
    private long _cacheFrom = 1;
    private long _cached;
    private LogException? _broken;

    private EntryLog(string folder, LogIdentity identity, int segmentSize)
    {
        (_folder, _identity, _segmentSize) = (folder, identity, segmentSize);
        _active = null!;
    }

    /// <summary>What a proposal may be long at most.</summary>
    public int MaxPayload => Math.Min(RecordCodec.MaxPayload, _segmentSize - Segment.HeadSize - RecordCodec.HeadSize - 8);

    public long First
    {
        get { lock (_gate) return _entries.First; }
    }

    public long Last
    {
        get { lock (_gate) return _entries.Last; }
    }

    /// <summary>Opens the log of a folder, which is made when it is not there.</summary>
    /// <exception cref="LogException">It is damaged or another's.</exception>
    public static EntryLog Open(string folder, LogIdentity identity, int segmentSize)
    {
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var log = new EntryLog(folder, identity, segmentSize);
        try
        {
            log.Recover();
            return log;
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>The term of an entry, or of what the log begins behind.</summary>
    /// <returns>-1 when the log does not know.</returns>
    public long TermOf(long index)
    {
        lock (_gate)
        {
            if (_entries.Has(index)) return _entries[index].Term;
            return index == _entries.First - 1 ? _baseTerm : -1;
        }
    }

    public (long Term, EntryKind Kind) HeadOf(long index)
    {
        lock (_gate) return (_entries[index].Term, _entries[index].Kind);
    }

    /// <summary>The payload of an entry, from memory or from the disk.</summary>
    public byte[] PayloadOf(long index)
    {
        LogEntryPlace place;
        lock (_gate) place = _entries[index];
        return place.Payload ?? place.Segment.ReadPayload(place.Offset, index, place.Length);
    }

    /// <summary>Appends behind the last entry. It is not on the disk until it is flushed.</summary>
    /// <returns>The new entry's index; 0 when the term is not allowed to append any more.</returns>
    /// <exception cref="LogException">There is no room on the disk, or the disk failed.</exception>
    public long Append<TState>(long term, EntryKind kind, ReadOnlyMemory<byte> payload, Func<TState, long, bool> allowed, TState state)
    {
        lock (_gate)
        {
            if (!allowed(state, term)) return 0;
            var index = _entries.Last + 1;
            AppendLocked(index, term, kind, payload);
            return index;
        }
    }

    /// <summary>Appends at an index: what was there before from that index on is gone.</summary>
    public void AppendAt(long index, long term, EntryKind kind, ReadOnlyMemory<byte> payload)
    {
        lock (_gate)
        {
            if (index < _entries.First || index > _entries.Last + 1)
                throw new ArgumentOutOfRangeException(nameof(index), index, $"not in {_entries.First}..{_entries.Last + 1}");
            AppendLocked(index, term, kind, payload);
        }
    }

    /// <summary>Drops everything: the log begins behind a snapshot. The disk knows once it is flushed.</summary>
    public void Reset(long index, long term)
    {
        lock (_gate)
        {
            ThrowIfBroken();
            Enqueue(new RecordHead(0, index, term, EntryKind.Reset, 0), default);
            _entries.Restart(index + 1);
            (_baseTerm, _flushedIndex, _flushingTo) = (term, index, index);
            (_cacheFrom, _cached) = (index + 1, 0);
        }
    }

    /// <summary>Drops what is at an index and before. The last entry stays.</summary>
    public void DropThrough(long index)
    {
        var gone = new List<Segment>();
        lock (_gate)
        {
            index = Math.Min(index, Math.Min(_entries.Last - 1, _flushedIndex - 1));
            if (index < _entries.First) return;
            _baseTerm = _entries[index].Term;
            for (; _cacheFrom <= index; _cacheFrom++) _cached -= _entries[_cacheFrom].Payload?.Length ?? 0;
            _entries.DropThrough(index);
            while (_segments[0] != _active && _segments[0].LastIndex <= index)
            {
                gone.Add(_segments[0]);
                _segments.RemoveAt(0);
            }
        }

        foreach (var segment in gone) segment.Delete();
    }

    /// <summary>Drops what is before a snapshot, but for some entries that members may still ask for.</summary>
    public void DropBehind(long snapshot, long entries, long bytes)
    {
        long through;
        lock (_gate)
        {
            through = Math.Min(snapshot, _entries.Last);
            for (; through >= _entries.First && entries > 0 && bytes > 0; through--, entries--) bytes -= _entries[through].Length + RecordCodec.HeadSize;
        }

        DropThrough(through);
    }

    public void Dispose()
    {
        Task made;
        lock (_gate)
        {
            _broken ??= new LogException($"cannot use the log in {_folder}: it is closed");
            made = _spareMade;
        }

        // It works in the folder, which is somebody else's afterwards.
        made.Wait();
        lock (_gate)
        {
            foreach (var segment in _segments) segment.Dispose();
            _spare?.Dispose();
        }
    }

    private void AppendLocked(long index, long term, EntryKind kind, ReadOnlyMemory<byte> payload)
    {
        ThrowIfBroken();
        if (payload.Length > MaxPayload) throw new LogException($"cannot append {payload.Length} bytes to the log: an entry holds at most {MaxPayload}");
        var before = _entries.Has(index - 1) ? _entries[index - 1].Term : index == _entries.First ? Math.Max(_baseTerm, 0) : 0;
        if (term < before) throw new LogException($"cannot append entry {index} of term {term}: the entry before it is of term {before}; this is a defect");
        var (segment, offset) = Enqueue(new RecordHead(payload.Length, index, term, kind, 0), payload.Span);
        if (index <= _entries.Last)
        {
            for (var at = Math.Max(index, _cacheFrom); at <= _entries.Last; at++) _cached -= _entries[at].Payload?.Length ?? 0;
            _entries.DropFrom(index);
            (_flushedIndex, _flushingTo, _cacheFrom) = (Math.Min(_flushedIndex, index - 1), Math.Min(_flushingTo, index - 1), Math.Min(_cacheFrom, index));
        }

        _entries.Add(new LogEntryPlace { Term = term, Kind = kind, Length = payload.Length, Offset = offset, Segment = segment, Payload = payload.ToArray() });
        _cached += payload.Length;
        Forget();
    }

    /// <summary>Lets go of old payloads in memory once they are on the disk.</summary>
    private void Forget()
    {
        for (; _cached > CacheBytes && _cacheFrom <= _flushedIndex && _entries.Has(_cacheFrom); _cacheFrom++)
        {
            _cached -= _entries[_cacheFrom].Payload?.Length ?? 0;
            _entries[_cacheFrom].Payload = null;
        }
    }

    private void ThrowIfBroken()
    {
        if (_broken is { } broken) throw new LogException(broken.Message, broken);
    }
}
