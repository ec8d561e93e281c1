using Mgmt.Linux.Fanotify;
using Mgmt.Linux.Files;

namespace Mgmt.Linux.Inotify;

/// <summary>
/// Decides which of the kernel's facilities watches the inodes of each file system, and asks fanotify for its marks. Belongs to the table's lock.
/// </summary>
internal sealed class Filesystems(WatcherOptions options, InotifySource inotify)
{
    private readonly Dictionary<ulong, Filesystem> _all = [];
    private bool _isFanotifyRefused;

    /// <summary>The other facility, once it is in use.</summary>
    internal FanotifySource? Fanotify { get; private set; }

    /// <summary>Raised when there is one more descriptor to poll, and, with true, when a file system went from one facility to the other: all who listen must ask again.</summary>
    internal event Action<bool>? Changed;

    /// <summary>By which facility an inode is to be watched.</summary>
    internal IInodeSource For(in InotifyWish wish)
    {
        var place = Of(wish.Device);
        if (place.IsMarked) return Fanotify!;
        var isWanted = options.Choice == WatcherChoice.Fanotify || (options.Choice == WatcherChoice.Auto && place.InotifyFolders >= options.MostInotifyFolders);
        return isWanted && TryMark(place, wish) ? Fanotify! : inotify;
    }

    /// <summary>Whether fanotify can take over where inotify has no watch left.</summary>
    internal bool TryRelieve(in InotifyWish wish) => options.Choice != WatcherChoice.Inotify && TryMark(Of(wish.Device), wish);

    /// <summary>Counts the directories for which inotify has a watch.</summary>
    internal void CountInotify(ulong device, int by) => Of(device).InotifyFolders += by;

    /// <summary>
    /// A file system that was unmounted has lost its mark, and its device number may be another's. What could not be marked is tried again.
    /// </summary>
    internal void CheckMarks()
    {
        var isLost = false;
        foreach (var (device, place) in _all)
        {
            place.IsRefused = false;
            if (!place.IsMarked || Fanotify!.HasMark(device)) continue;
            place.IsMarked = false;
            Fanotify.Forget(device);
            isLost = true;
        }

        if (isLost) Changed?.Invoke(true);
    }

    /// <summary>Takes away the marks of the file systems on which nothing is watched.</summary>
    internal void DropUnused(ulong device)
    {
        if (!_all.TryGetValue(device, out var place) || !place.IsMarked || Fanotify!.CountOn(device) > 0) return;
        Fanotify.Unmark(device);
        place.IsMarked = false;
    }

    private Filesystem Of(ulong device)
    {
        if (!_all.TryGetValue(device, out var found)) _all.Add(device, found = new Filesystem());
        return found;
    }

    private bool TryMark(Filesystem place, in InotifyWish wish)
    {
        if (place.IsRefused || _isFanotifyRefused || !options.MayMark(wish.Shown())) return false;
        var errno = Open();
        if (errno == 0) errno = Fanotify!.Mark(wish);
        if (errno == 0)
        {
            place.IsMarked = true;
            Changed?.Invoke(place.InotifyFolders > 0);
            return true;
        }

        // Without the privilege inotify is what there is, and nothing to be told: who asked for fanotify by name was refused at the start.
        place.IsRefused = true;
        var isNews = !place.IsTold;
        place.IsTold = true;
        if (errno == Errno.NotPermitted) _isFanotifyRefused = true;
        else if (isNews) options.Note($"cannot watch the file system of {wish.Shown()} by fanotify: {Errno.Describe(errno)}; inotify watches it instead");
        return false;
    }

    private int Open()
    {
        if (Fanotify is not null) return 0;
        if (FanotifySource.TryOpen(out var errno) is not { } source) return errno;
        Fanotify = source;
        return 0;
    }

    private sealed class Filesystem
    {
        internal int InotifyFolders { get; set; }

        internal bool IsMarked { get; set; }

        internal bool IsRefused { get; set; }

        internal bool IsTold { get; set; }
    }
}
