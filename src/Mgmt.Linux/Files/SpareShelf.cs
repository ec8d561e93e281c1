namespace Mgmt.Linux.Files;

/// <summary>
/// Finished copies of small files, without a name but already on the disk. To restore a file then takes one link and no wait for the disk,
/// which is most of a repair's time. There are few: each is an open descriptor.
/// </summary>
internal sealed class SpareShelf(int most) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<FilePath, Spare?> _spares = [];
    private readonly Queue<FilePath> _oldest = new();
    private bool _isClosed;

    /// <summary>Reserves a place; the maker then calls <see cref="Put"/>. False where one is there or being made, or all places are taken.</summary>
    internal bool TryReserve(FilePath path, bool mayEvict)
    {
        Spare? evicted = null;
        lock (_gate)
        {
            if (_isClosed || _spares.ContainsKey(path) || (_spares.Count >= most && !mayEvict)) return false;
            while (_spares.Count >= most && _oldest.TryDequeue(out var old)) _spares.Remove(old, out evicted);
            if (_spares.Count >= most) return false;
            _spares.Add(path, null);
            _oldest.Enqueue(path);
        }

        evicted?.File.Dispose();
        return true;
    }

    /// <summary>Fills the reserved place, or gives it back where the copy could not be made.</summary>
    internal void Put(FilePath path, Spare? spare)
    {
        lock (_gate)
        {
            if (spare is not null && _spares.TryGetValue(path, out var old) && old is null)
            {
                _spares[path] = spare;
                return;
            }
        }

        spare?.File.Dispose();
        if (spare is null) Drop(path);
    }

    /// <summary>Whether a finished copy is there.</summary>
    internal bool Has(FilePath path)
    {
        lock (_gate) return _spares.GetValueOrDefault(path) is not null;
    }

    /// <summary>Takes the copy off the shelf; null where there is none.</summary>
    internal Spare? Take(FilePath path)
    {
        lock (_gate)
        {
            if (!_spares.TryGetValue(path, out var spare) || spare is null) return null;
            Forget(path);
            return spare;
        }
    }

    /// <summary>Frees the place of a path that is managed no more.</summary>
    internal void Drop(FilePath path)
    {
        Spare? spare;
        lock (_gate)
        {
            spare = _spares.GetValueOrDefault(path);
            Forget(path);
        }

        spare?.File.Dispose();
    }

    public void Dispose()
    {
        Spare?[] all;
        lock (_gate)
        {
            _isClosed = true;
            all = [.. _spares.Values];
            _spares.Clear();
        }

        foreach (var spare in all) spare?.File.Dispose();
    }

    private void Forget(FilePath path)
    {
        if (!_spares.Remove(path)) return;
        var rest = _oldest.Where(each => each != path).ToList();
        _oldest.Clear();
        foreach (var each in rest) _oldest.Enqueue(each);
    }
}

/// <summary>One finished copy.</summary>
internal sealed record Spare(NewFile File, FileContent Content, FileStatus Status)
{
    /// <summary>Whether it is what would be written: this content, with the rights that are wanted or that the old file has.</summary>
    internal bool Fits(FileContent content, FileRights rights, FileStatus? kept, int defaultMode) =>
        ReferenceEquals(content, Content)
        && Status.Mode == (rights.Mode ?? kept?.Mode ?? defaultMode)
        && Status.Uid == (rights.Uid ?? kept?.Uid ?? Status.Uid)
        && Status.Gid == (rights.Gid ?? kept?.Gid ?? Status.Gid);
}
