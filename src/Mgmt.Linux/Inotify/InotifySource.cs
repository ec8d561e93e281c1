using Mgmt.Linux.Files;

namespace Mgmt.Linux.Inotify;

/// <summary>One watch of the kernel per inode, however many listen to it: it is asked for all that they need together.</summary>
/// <param name="queue">The inotify descriptor.</param>
/// <param name="most">How many watches it may have, the kernel's own limit aside.</param>
internal sealed class InotifySource(OpenFile queue, int most) : IInodeSource
{
    private readonly Dictionary<int, InotifyInode> _inodes = [];

    public IEnumerable<WatchedInode> Inodes => _inodes.Values;

    internal int Count => _inodes.Count;

    public InotifySubscription? Add(in InotifyWish wish, IInotifyListener listener, out int errno)
    {
        var path = wish.Inode.ProcPath();
        var wanted = wish.Role.Mask | InotifyMask.ExcludeUnlinked;
        var watch = InotifyNative.InotifyAddWatch(queue, in path.Start, (uint)(wanted | InotifyMask.Add));
        errno = watch < 0 ? Errno.Last : 0;
        if (errno != 0) return null;
        if (!_inodes.TryGetValue(watch, out var inode))
        {
            if (_inodes.Count >= most)
            {
                _ = InotifyNative.InotifyRmWatch(queue, watch);
                errno = Errno.NoSpace;
                return null;
            }

            _inodes.Add(watch, inode = new InotifyInode(this, wish.Device, watch));
        }

        inode.Asked |= wanted;
        var subscription = inode.Add(listener, wish.Role);

        // Events that nobody needs any more would only wake the thread.
        var needed = inode.Needed | InotifyMask.ExcludeUnlinked;
        if (needed != inode.Asked && InotifyNative.InotifyAddWatch(queue, in path.Start, (uint)needed) == watch) inode.Asked = needed;
        return subscription;
    }

    public void Release(WatchedInode inode)
    {
        // One that the kernel took away has no entry, and its number may be another's by now.
        if (inode is not InotifyInode { Watch: var watch } || !_inodes.TryGetValue(watch, out var known) || known != inode) return;
        _inodes.Remove(watch);
        if (!queue.IsClosed) _ = InotifyNative.InotifyRmWatch(queue, watch);
    }

    /// <summary>Adds those whom an event concerns.</summary>
    /// <returns>The inode, when the kernel tells of it no more.</returns>
    internal WatchedInode? Find(int watch, InotifyMask mask, ReadOnlySpan<byte> name, List<Heard> found)
    {
        if (!_inodes.TryGetValue(watch, out var inode)) return null;
        inode.Find(mask, name, found);
        return (mask & InotifyMask.Ignored) != 0 && _inodes.Remove(watch) ? inode : null;
    }

    private sealed class InotifyInode(IInodeSource source, ulong device, int watch) : WatchedInode(source, device)
    {
        internal int Watch => watch;

        /// <summary>What the kernel was asked for.</summary>
        internal InotifyMask Asked { get; set; }
    }
}
