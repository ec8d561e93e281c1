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

/// <summary>One inode that a listener wants from now on.</summary>
/// <param name="Inode">An open descriptor of it, which may be of the O_PATH kind.</param>
/// <param name="Device">The file system that it is on.</param>
/// <param name="Role">What for.</param>
/// <param name="IsOptional">Whether it may be left out when its inode may not be read.</param>
/// <param name="Place">For a symbolic link, the directory in which it stands; where only directories can be watched, its name there is.</param>
/// <param name="Name">That name.</param>
internal readonly record struct InotifyWish(OpenFile Inode, ulong Device, InotifyRole Role, bool IsOptional, OpenFile? Place = null, FileName Name = default)
{
    /// <summary>Its path, for messages.</summary>
    internal string Shown() => LinkText.Read(OpenFile.None, Inode.ProcPath(), out _)?.ToString() ?? "a directory";
}

/// <summary>One of the kernel's facilities that tell of inodes. The table calls it under its lock.</summary>
internal interface IInodeSource
{
    /// <summary>Has the kernel tell a listener of an inode; null, with the kernel's number, when it refuses.</summary>
    InotifySubscription? Add(in InotifyWish wish, IInotifyListener listener, out int errno);

    /// <summary>Forgets an inode to which nobody listens any more.</summary>
    void Release(WatchedInode inode);

    /// <summary>All inodes that are watched.</summary>
    IEnumerable<WatchedInode> Inodes { get; }
}
