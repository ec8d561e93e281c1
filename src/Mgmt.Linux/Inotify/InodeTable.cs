using Mgmt.Linux.Fanotify;
using Mgmt.Linux.Files;

namespace Mgmt.Linux.Inotify;

/// <summary>
/// Who listens to which inode, by whichever facility of the kernel.
/// The lock is held for the table and the kernel's calls alone, never while somebody is called back.
/// </summary>
internal sealed class InodeTable
{
    private readonly Lock _gate = new();
    private readonly WatcherOptions _options;
    private readonly InotifySource _inotify;
    private readonly Filesystems _filesystems;
    private bool _isLimitTold;
    private int _version;

    /// <param name="queue">The inotify descriptor.</param>
    /// <param name="options">How paths are watched.</param>
    /// <param name="changed">Called with the lock held when there is one more descriptor to poll, and, with true, when all are to ask again for what they listen to.</param>
    internal InodeTable(OpenFile queue, WatcherOptions options, Action<bool> changed)
    {
        _options = options;
        _inotify = new InotifySource(queue, options.MostInotifyWatches);
        _filesystems = new Filesystems(options, _inotify);
        _filesystems.Changed += changed;
        Polled = new PolledPaths(() => changed(false));
    }

    /// <summary>What is looked at from time to time, as nothing tells of it.</summary>
    internal PolledPaths Polled { get; }

    /// <summary>Another number whenever anything about who listens to what may have changed.</summary>
    internal int Version => Volatile.Read(ref _version);

    /// <summary>How many inotify watches there are.</summary>
    internal int Count
    {
        get
        {
            lock (_gate) return _inotify.Count;
        }
    }

    /// <summary>The other facility, once it is in use.</summary>
    internal FanotifySource? Fanotify
    {
        get
        {
            lock (_gate) return _filesystems.Fanotify;
        }
    }

    /// <summary>
    /// Replaces what a listener listens to. An inode that is in both is never unwatched in between.
    /// </summary>
    /// <exception cref="FileException">The kernel refuses; then the listener has no watch at all.</exception>
    internal InotifySubscription[] Replace(InotifySubscription[] old, IInotifyListener listener, IReadOnlyList<InotifyWish> wishes)
    {
        lock (_gate)
        {
            _version++;
            foreach (var subscription in old) subscription.Inode.Remove(subscription);
            var added = new List<InotifySubscription>(wishes.Count);
            try
            {
                foreach (var wish in wishes)
                {
                    if (TryAdd(wish, listener) is { } subscription) added.Add(subscription);
                }
            }
            catch (FileException)
            {
                foreach (var subscription in added) subscription.Inode.Remove(subscription);
                Sweep(added);
                throw;
            }
            finally
            {
                Sweep(old);
            }

            return [.. added];
        }
    }

    /// <summary>Adds one inode to what a listener listens to; null when it is left out.</summary>
    /// <exception cref="FileException">The kernel refuses.</exception>
    internal InotifySubscription? Add(IInotifyListener listener, InotifyWish wish)
    {
        lock (_gate) return TryAdd(wish, listener);
    }

    /// <summary>Ends subscriptions.</summary>
    internal void Remove(IReadOnlyList<InotifySubscription> old)
    {
        lock (_gate)
        {
            foreach (var subscription in old) subscription.Inode.Remove(subscription);
            Sweep(old);
        }
    }

    /// <summary>Adds those whom an event of inotify concerns.</summary>
    internal void Find(int watch, InotifyMask mask, ReadOnlySpan<byte> name, List<Heard> found)
    {
        lock (_gate)
        {
            if (_inotify.Find(watch, mask, name, found) is { } gone) _filesystems.CountInotify(gone.Device, -1);
        }
    }

    /// <summary>Adds those whom an event of fanotify concerns.</summary>
    internal void Find(ReadOnlySpan<byte> handle, InotifyMask mask, ReadOnlySpan<byte> name, List<Heard> found)
    {
        lock (_gate) _filesystems.Fanotify?.Find(handle, mask, name, found);
    }

    /// <summary>A path on a marked file system, by the system's id in handles.</summary>
    internal FileName? PathOn(ulong filesystem)
    {
        lock (_gate) return _filesystems.Fanotify?.PathOn(filesystem);
    }

    /// <summary>All listeners, each once.</summary>
    internal IReadOnlyList<IInotifyListener> Listeners()
    {
        var listeners = new HashSet<IInotifyListener>(ReferenceEqualityComparer.Instance);
        lock (_gate)
        {
            foreach (var inode in _inotify.Inodes) inode.AddListeners(listeners);
            foreach (var inode in _filesystems.Fanotify?.Inodes ?? []) inode.AddListeners(listeners);
        }

        return [.. listeners];
    }

    /// <summary>Something was mounted or unmounted somewhere.</summary>
    internal void CheckMarks()
    {
        lock (_gate) _filesystems.CheckMarks();
    }

    private InotifySubscription? TryAdd(InotifyWish wish, IInotifyListener listener)
    {
        var source = _filesystems.For(wish);
        var before = _inotify.Count;
        var subscription = source.Add(wish, listener, out var errno);
        if (errno == Errno.NoSpace && source == _inotify && _filesystems.TryRelieve(wish)) subscription = _filesystems.Fanotify!.Add(wish, listener, out errno);
        if (_inotify.Count > before) _filesystems.CountInotify(wish.Device, 1);
        if (subscription is not null) return subscription;
        if (wish.IsOptional && errno == Errno.AccessDenied) return null;
        if (errno != Errno.NoSpace) throw FileException.Of($"watch {wish.Shown()}", errno);
        TellLimit();
        throw new FileException("cannot watch a directory: the user's limit of inotify watches is reached", errno);
    }

    private void TellLimit()
    {
        if (_isLimitTold) return;
        _isLimitTold = true;
        _options.Note($"cannot watch more directories by inotify: {InotifyLimit.Words()}; until then the rest is looked at every {_options.LookEvery.TotalSeconds:0.#} s");
    }

    private void Sweep(IEnumerable<InotifySubscription> dropped)
    {
        foreach (var subscription in dropped)
        {
            var inode = subscription.Inode;
            if (!inode.IsUnused) continue;
            var before = _inotify.Count;
            inode.Source.Release(inode);
            if (_inotify.Count < before) _filesystems.CountInotify(inode.Device, -1);
            else _filesystems.DropUnused(inode.Device);
        }
    }
}
