using Mgmt.Linux.Files;
using Mgmt.Linux.Inotify;

namespace Mgmt.Linux.Fanotify;

/// <summary>
/// One mark for each file system; which inodes matter is known here, by their handles. Nothing is asked of the kernel for one more directory. The table's lock guards it.
/// </summary>
internal sealed class FanotifySource : IInodeSource
{
    private const InotifyMask Wanted = InotifyMask.Create | InotifyMask.Delete | InotifyMask.MovedFrom | InotifyMask.MovedTo | InotifyMask.Modify | InotifyMask.Attributes
        | InotifyMask.CloseWrite | InotifyMask.DeleteSelf | InotifyMask.MoveSelf | InotifyMask.IsFolder;

    // Of links only their names are heard of.
    private const InotifyMask OfName = InotifyMask.Create | InotifyMask.Delete | InotifyMask.MovedFrom | InotifyMask.MovedTo;

    // An event that no mark has: taking it away tells whether there is a mark, and changes nothing.
    private const ulong NeverWanted = 0x1; // FAN_ACCESS

    private readonly Dictionary<FileName, FanotifyInode> _inodes = new(FileNameComparer.Instance);
    private readonly Dictionary<ulong, Marked> _marks = [];
    private readonly Dictionary<ulong, int> _counts = [];

    private FanotifySource(OpenFile queue) => Queue = queue;

    /// <summary>The descriptor from which events are read.</summary>
    internal OpenFile Queue { get; }

    public IEnumerable<WatchedInode> Inodes => _inodes.Values;

    /// <summary>How many file systems are marked.</summary>
    internal int Marks => _marks.Count;

    /// <summary>Opens the queue; null, with the kernel's number, when that is refused.</summary>
    internal static FanotifySource? TryOpen(out int errno)
    {
        var queue = FanotifyNative.FanotifyInit(FanotifyNative.InitFlags, (uint)FileNative.CloseOnExec);
        errno = queue.IsInvalid ? Errno.Last : 0;
        if (errno == 0) return new FanotifySource(queue);
        queue.Dispose();
        return null;
    }

    /// <summary>Tries whether this process may have marks: 0, or the kernel's number. Nothing is marked.</summary>
    internal static int Try()
    {
        if (TryOpen(out var errno) is not { } source) return errno;
        using var queue = source.Queue;

        // To take away a mark that is not there is allowed to those who may make one, and finds nothing.
        var root = new FileName("/");
        errno = FanotifyNative.FanotifyMark(queue, FanotifyNative.MarkRemove | FanotifyNative.MarkFilesystem, (ulong)Wanted, OpenFile.None, in root.Start) == 0 ? 0 : Errno.Last;
        return errno is Errno.NotPermitted or Errno.Invalid or Errno.NotSupportedCall ? errno : 0;
    }

    /// <summary>Marks the file system of an inode.</summary>
    /// <returns>0, or the kernel's number.</returns>
    internal int Mark(in InotifyWish wish)
    {
        if (InodeHandle.Of(wish.Inode, 0, out var errno) is null) return errno;
        errno = InodeHandle.Filesystem(wish.Inode, out var id);
        if (errno != 0) return errno;
        var place = wish.Place ?? wish.Inode;
        var path = place.ProcPath();
        if (FanotifyNative.FanotifyMark(Queue, FanotifyNative.MarkAdd | FanotifyNative.MarkFilesystem, (ulong)Wanted, OpenFile.None, in path.Start) != 0) return Errno.Last;
        _marks[wish.Device] = new Marked(id, LinkText.Read(OpenFile.None, path, out _) ?? FileName.Empty);
        return 0;
    }

    public InotifySubscription? Add(in InotifyWish wish, IInotifyListener listener, out int errno)
    {
        var mark = _marks[wish.Device];
        if (InodeHandle.Of(wish.Place ?? wish.Inode, mark.Id, out errno) is not { } handle) return null;
        if (!_inodes.TryGetValue(handle, out var inode))
        {
            _inodes.Add(handle, inode = new FanotifyInode(this, wish.Device, handle));
            _counts[wish.Device] = CountOn(wish.Device) + 1;
        }

        return inode.Add(listener, wish.Place is null ? wish.Role : new InotifyRole(OfName, wish.Name));
    }

    public void Release(WatchedInode inode)
    {
        if (inode is not FanotifyInode { Handle: var handle } || !_inodes.TryGetValue(handle, out var known) || known != inode) return;
        _inodes.Remove(handle);
        _counts[inode.Device]--;
    }

    /// <summary>Adds those whom an event concerns.</summary>
    internal void Find(ReadOnlySpan<byte> handle, InotifyMask mask, ReadOnlySpan<byte> name, List<Heard> found)
    {
        if (_inodes.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(handle, out var inode)) inode.Find(mask, name, found);
    }

    /// <summary>How many inodes of a file system are watched.</summary>
    internal int CountOn(ulong device) => _counts.GetValueOrDefault(device);

    /// <summary>Whether the mark is still there: it goes with the file system when that is unmounted.</summary>
    internal bool HasMark(ulong device) => Reach(device, NeverWanted, out var mark) && mark;

    /// <summary>Takes a mark away.</summary>
    internal void Unmark(ulong device)
    {
        _ = Reach(device, (ulong)Wanted, out _);
        Forget(device);
    }

    /// <summary>Forgets a mark that is gone. What was watched by it stays listed until its listeners ask again.</summary>
    internal void Forget(ulong device) => _marks.Remove(device);

    /// <summary>A path on a file system, by its id.</summary>
    internal FileName? PathOn(ulong id)
    {
        foreach (var mark in _marks.Values)
        {
            if (mark.Id == id) return mark.Path;
        }

        return null;
    }

    // The directory that was the first to be watched may be gone: those above it are on the same file system, up to where that is mounted.
    private bool Reach(ulong device, ulong mask, out bool isDone)
    {
        isDone = false;
        if (!_marks.TryGetValue(device, out var mark)) return false;
        for (var path = mark.Path; path != FileName.Empty; path = Above(path))
        {
            using var file = OpenFile.Try(OpenFile.None, path, FileNative.PathOnly, out var errno);
            if (errno != 0 || FileStatus.TryLook(file, FileName.Empty, FileNative.AtEmptyPath, out var status) != 0 || status.Identity.Device != device) continue;
            var inode = file.ProcPath();
            isDone = FanotifyNative.FanotifyMark(Queue, FanotifyNative.MarkRemove | FanotifyNative.MarkFilesystem, mask, OpenFile.None, in inode.Start) == 0;
            return true;
        }

        return false;
    }

    private static FileName Above(FileName path) => path.Bytes.LastIndexOf((byte)'/') switch
    {
        0 when path.Bytes.Length > 1 => new FileName("/"),
        > 0 and var slash => new FileName(path.Bytes[..slash]),
        _ => FileName.Empty,
    };

    private sealed record Marked(ulong Id, FileName Path);

    private sealed class FanotifyInode(IInodeSource source, ulong device, FileName handle) : WatchedInode(source, device)
    {
        internal FileName Handle => handle;
    }
}
