using System.Globalization;

namespace Mgmt.Mesh.Raft.Log;

/// <content>
/// Reads the files again. The end of the log is where the first record is missing, or torn by a power cut: a record that lacks whole sectors was never
/// acknowledged. Anything else that is not sound is damage, and then the member refuses to start, since what it once acknowledged may be in it.
/// </content>
internal sealed partial class EntryLog
{
    private const int SectorSize = 512;

    private void Recover()
    {
        foreach (var left in Directory.EnumerateFiles(_folder, "*.new")) File.Delete(left);
        var known = false;
        foreach (var (path, sequence) in Files())
        {
            var segment = Segment.Open(path, sequence, _identity);
            _segments.Add(segment);
            var tail = Replay(segment, ref known);
            if (tail == Segment.HeadSize && _active is not null) continue;
            if (_active is not null && _segments[^2] != _active)
                throw new LogException($"cannot read the log: {_active.Path} ends at byte {_tail}, but {path} goes on; a file between them is empty");
            (_active, _tail) = (segment, tail);
        }

        if (_active is null) _segments.Add(_active = Segment.Name(TryPrepare(flush: false) ?? throw Full(), _folder, 1, _identity));
        KeepSpare();
        (_flushedIndex, _flushingTo, _cacheFrom, _flushedIn, _flushedTail) = (_entries.Last, _entries.Last, _entries.First, _active, _tail);
    }

    private List<(string Path, long Sequence)> Files()
    {
        var files = Directory.EnumerateFiles(_folder, "*.log")
            .Select(static path => (path, long.Parse(Path.GetFileNameWithoutExtension(path), NumberStyles.HexNumber, CultureInfo.InvariantCulture)))
            .OrderBy(static one => one.Item2).ToList();
        for (var at = 1; at < files.Count; at++)
        {
            if (files[at].Item2 != files[at - 1].Item2 + 1)
                throw new LogException($"cannot read the log in {_folder}: {Segment.NameOf(files[at - 1].Item2 + 1)} is missing. Bring it back, or remove this member and add it anew");
        }

        return files;
    }

    private void KeepSpare()
    {
        while (_segments[^1] != _active)
        {
            var empty = _segments[^1];
            _segments.RemoveAt(_segments.Count - 1);
            if (_spare is null && empty.Sequence == _active.Sequence + 1 && empty.Size == _segmentSize) _spare = empty;
            else empty.Delete();
        }
    }

    /// <returns>Where the segment's records end.</returns>
    private int Replay(Segment segment, ref bool known)
    {
        var bytes = segment.ReadAll();
        var at = Segment.HeadSize;
        while (RecordCodec.TryRead(bytes.AsSpan(at), out var head))
        {
            Take(segment, at, head, ref known);
            at += head.Size;
        }

        var rest = bytes.AsSpan(at);
        if (!rest.ContainsAnyExcept((byte)0)) return at;
        if (!IsTorn(bytes, at))
            throw new LogException($"cannot read the log: the record at byte {at} of {segment.Path} is damaged. The disk may be failing; remove this member and add it anew");
        rest.Clear();
        segment.Write(rest, at);
        segment.Flush();
        return at;
    }

    private void Take(Segment segment, int at, in RecordHead head, ref bool known)
    {
        segment.LastIndex = Math.Max(segment.LastIndex, head.Index);
        if (head.Kind == EntryKind.Reset)
        {
            _entries.Restart(head.Index + 1);
            (_baseTerm, known) = (head.Term, true);
            return;
        }

        // The files before may be gone with what they held: then the log begins with what is met first.
        if (!known || (head.Index < _entries.First && head.Index > 0))
        {
            _entries.Restart(head.Index);
            (_baseTerm, known) = (head.Index == 1 ? 0 : -1, true);
        }

        if (head.Index > _entries.Last + 1) throw new LogException($"cannot read the log: behind entry {_entries.Last}, byte {at} of {segment.Path} has entry {head.Index}");
        _entries.DropFrom(head.Index);
        _entries.Add(new LogEntryPlace { Term = head.Term, Kind = head.Kind, Length = head.Length, Offset = at, Segment = segment });
    }

    /// <summary>
    /// Whether what is at an offset was never flushed: nothing behind it says that it once was, and of its sectors at least one was never written.
    /// </summary>
    private static bool IsTorn(byte[] bytes, int at)
    {
        for (var from = at + 8; from + RecordCodec.HeadSize <= bytes.Length; from += 8)
        {
            if (RecordCodec.TryRead(bytes.AsSpan(from), out var later) && later.Flushed > at) return false;
        }

        if (!RecordCodec.TryLength(bytes.AsSpan(at), out var length)) return false;
        var end = Math.Min(at + RecordCodec.SizeOf(length), bytes.Length);
        for (var from = at; from < end; from = (from / SectorSize + 1) * SectorSize)
        {
            var sector = bytes.AsSpan(from, Math.Min((from / SectorSize + 1) * SectorSize, end) - from);
            if (!sector.ContainsAnyExcept((byte)0)) return true;
        }

        return false;
    }
}
