using Mgmt.Linux.Inotify;

namespace Mgmt.Agent;

/// <summary>Finds what is new about what watches the files. Asked at every convergence, so that nothing new must cost nothing.</summary>
internal sealed class WatchedFiles(PathWatcher watcher)
{
    private int _version;
    private IReadOnlyList<WatchGroup> _told = [];

    /// <summary>What is so now; null when it was told.</summary>
    public WatchReport? Take()
    {
        var version = watcher.Version;
        if (version == _version) return null;
        _version = version;
        var groups = watcher.Groups();
        if (groups.SequenceEqual(_told)) return null;
        _told = groups;
        return new WatchReport(groups);
    }
}
