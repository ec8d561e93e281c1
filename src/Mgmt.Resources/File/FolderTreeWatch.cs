using Mgmt.Engine.Kinds;
using Mgmt.Linux.Files;
using Mgmt.Linux.Inotify;

namespace Mgmt.Resources.File;

/// <summary>The watch of a directory: its own path, what is in it where that matters, and what it is copied from.</summary>
internal sealed class FolderTreeWatch : FileWatch
{
    private readonly ManagedPaths _managed;
    private readonly List<TreeWatch> _trees = [];
    private readonly bool _doesPurge;

    internal FolderTreeWatch(FileServices services, FileWish wish, IWatchSink sink)
        : base(services.Watcher, wish.Path, source: null, sink)
    {
        (_managed, _doesPurge) = (services.Managed, wish.Purge);
        try
        {
            if (wish.Source is not null || wish.Purge) _trees.Add(services.Watcher.WatchTree(wish.Path, this, wish.Recurse));
            if (wish.Source is not null) _trees.Add(services.Watcher.WatchTree(new FilePath(wish.Source), this, isDeep: true));
        }
        catch
        {
            Close();
            throw;
        }

        if (_doesPurge) _managed.Replaced += OnReplaced;
    }

    internal override void EnsureArmed()
    {
        base.EnsureArmed();
        foreach (var tree in _trees) tree.EnsureArmed();
    }

    private protected override void Close()
    {
        if (_doesPurge) _managed.Replaced -= OnReplaced;
        foreach (var tree in _trees) tree.Dispose();
        base.Close();
    }

    private void OnReplaced() => Changed(mayRunHere: false);
}
