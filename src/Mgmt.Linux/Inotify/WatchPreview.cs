using Mgmt.Linux.Files;

namespace Mgmt.Linux.Inotify;

/// <summary>How paths would be watched, found without watching any.</summary>
public static class WatchPreview
{
    /// <summary>The groups that <see cref="PathWatcher.Groups"/> would answer, as far as that can be known before the kernel is asked for watches.</summary>
    public static IReadOnlyList<WatchGroup> Of(IEnumerable<FilePath> paths, WatcherOptions options)
    {
        var folders = paths.GroupBy(static path => path.Folder, StringComparer.Ordinal).Select(static group => (Folder: group.Key, Device: DeviceOf(group.Key), Paths: group.Count())).ToList();
        var perDevice = folders.GroupBy(static one => one.Device).ToDictionary(static group => group.Key, static group => group.Count());
        var mayMark = options.Choice != WatcherChoice.Inotify && PathWatcher.WhyNoFanotify() is null;
        return WatchGroup.Of(folders.Select(one => (IsMarked(one.Device) ? WatchedBy.Fanotify : WatchedBy.Inotify, one.Device, one.Paths)));

        bool IsMarked(ulong device) => mayMark && (options.Choice == WatcherChoice.Fanotify || perDevice[device] > options.MostInotifyFolders);
    }

    // A directory that is still to be made will be where the nearest one above it is.
    private static ulong DeviceOf(string folder)
    {
        while (true)
        {
            if (FileStatus.TryLook(OpenFile.None, new FileName(folder), 0, out var status) == 0) return status.Identity.Device;
            if (folder == "/") return 0;
            folder = new FilePath(folder).Folder;
        }
    }
}
