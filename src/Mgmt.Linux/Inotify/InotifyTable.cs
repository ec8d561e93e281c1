using Mgmt.Linux.Files;

namespace Mgmt.Linux.Inotify;

/// <summary>Somebody who listens to inodes. Called on the event thread, outside of every lock.</summary>
internal interface IInotifyListener
{
    /// <summary>Something happened to an inode, or to a name in it when that is a directory.</summary>
    /// <param name="role">What the listener called this inode when it asked for it.</param>
    /// <param name="mask">What happened.</param>
    /// <param name="name">The name in the directory; empty for the inode itself.</param>
    /// <param name="batch">Takes whom to tell.</param>
    void Seen(InotifyRole role, InotifyMask mask, ReadOnlySpan<byte> name, EventBatch batch);

    /// <summary>Something was mounted or unmounted somewhere, which inodes do not tell.</summary>
    void MountsChanged(EventBatch batch);

    /// <summary>Nothing is watched any more.</summary>
    void Ended(string error);
}

/// <summary>What a listener wants an inode for; its own words, handed back with the events.</summary>
/// <param name="Mask">The events.</param>
/// <param name="Name">The name that matters in it, or none.</param>
internal sealed record InotifyRole(InotifyMask Mask, FileName Name);

/// <summary>One listener's interest in one watched inode.</summary>
internal sealed record InotifySubscription(int Watch, IInotifyListener Listener, InotifyRole Role);

/// <summary>One inode that a listener wants from now on.</summary>
/// <param name="Inode">An open descriptor of it, which may be of the O_PATH kind.</param>
/// <param name="Role">What for.</param>
/// <param name="IsOptional">Whether it may be left out when its inode may not be read.</param>
internal readonly record struct InotifyWish(OpenFile Inode, InotifyRole Role, bool IsOptional);

/// <summary>
/// Who listens to which inode. The kernel has one watch per inode, however many listeners: it is asked for all that they need together.
/// The lock is held for the table and the kernel's calls alone, never while somebody is called back.
/// </summary>
internal sealed class InotifyTable(OpenFile queue)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, WatchedInode> _watches = [];

    /// <summary>
    /// Replaces what a listener listens to. An inode that is in both is never unwatched in between.
    /// </summary>
    /// <exception cref="FileException">The kernel refuses; then the listener has no watch at all.</exception>
    internal InotifySubscription[] Replace(InotifySubscription[] old, IInotifyListener listener, IReadOnlyList<InotifyWish> wishes)
    {
        lock (_gate)
        {
            foreach (var subscription in old) Drop(subscription);
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
                foreach (var subscription in added) Drop(subscription);
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
            if (queue.IsClosed) return;
            foreach (var subscription in old) Drop(subscription);
            Sweep(old);
        }
    }

    /// <summary>Those who listen to a watch; the array is never changed.</summary>
    internal InotifySubscription[] Find(int watch, bool isGone)
    {
        lock (_gate)
        {
            if (!_watches.TryGetValue(watch, out var found)) return [];
            if (isGone) _watches.Remove(watch);
            return found.Subscribers;
        }
    }

    /// <summary>All listeners, each once.</summary>
    internal IReadOnlyList<IInotifyListener> Listeners()
    {
        lock (_gate) return [.. _watches.Values.SelectMany(inode => inode.Subscribers).Select(each => each.Listener).Distinct()];
    }

    /// <summary>How many inodes are watched.</summary>
    internal int Count
    {
        get
        {
            lock (_gate) return _watches.Count;
        }
    }

    private InotifySubscription? TryAdd(InotifyWish wish, IInotifyListener listener)
    {
        var path = wish.Inode.ProcPath();
        var wanted = wish.Role.Mask | InotifyMask.ExcludeUnlinked;
        var watch = InotifyNative.InotifyAddWatch(queue, in path.Start, (uint)(wanted | InotifyMask.Add));
        if (watch < 0)
        {
            var errno = Errno.Last;
            return wish.IsOptional && errno == Errno.AccessDenied ? null : throw Refused(wish, errno);
        }

        if (!_watches.TryGetValue(watch, out var inode)) _watches.Add(watch, inode = new WatchedInode());
        inode.Asked |= wanted;
        var subscription = new InotifySubscription(watch, listener, wish.Role);
        inode.Subscribers = [.. inode.Subscribers, subscription];

        // Events that nobody needs any more would only wake the thread.
        var needed = inode.Subscribers.Aggregate(InotifyMask.ExcludeUnlinked, (mask, each) => mask | each.Role.Mask);
        if (needed != inode.Asked && InotifyNative.InotifyAddWatch(queue, in path.Start, (uint)needed) == watch) inode.Asked = needed;
        return subscription;
    }

    private void Drop(InotifySubscription subscription)
    {
        if (_watches.TryGetValue(subscription.Watch, out var inode))
            inode.Subscribers = [.. inode.Subscribers.Where(each => !ReferenceEquals(each, subscription))];
    }

    private void Sweep(IEnumerable<InotifySubscription> dropped)
    {
        foreach (var subscription in dropped)
        {
            if (!_watches.TryGetValue(subscription.Watch, out var inode) || inode.Subscribers.Length > 0) continue;
            _watches.Remove(subscription.Watch);
            _ = InotifyNative.InotifyRmWatch(queue, subscription.Watch);
        }
    }

    private static FileException Refused(InotifyWish wish, int errno)
    {
        var shown = LinkText.Read(OpenFile.None, wish.Inode.ProcPath(), out _)?.ToString() ?? "a directory";
        return errno == Errno.NoSpace
            ? new FileException($"cannot watch {shown}: the user's limit of inotify watches is reached; raise the sysctl fs.inotify.max_user_watches", errno)
            : FileException.Of($"watch {shown}", errno);
    }

    private sealed class WatchedInode
    {
        internal InotifySubscription[] Subscribers { get; set; } = [];

        /// <summary>What the kernel was asked for.</summary>
        internal InotifyMask Asked { get; set; }
    }
}
