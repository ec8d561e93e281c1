using Mgmt.Linux.Bus;
using Mgmt.Linux.Files;
using Mgmt.Linux.Inotify;

namespace Mgmt.Resources.Svc;

/// <summary>
/// Watches the directories of unit files, as a file that is written, linked or removed by hand gives no signal on the bus. Any change in them is
/// told to all units: which of them a drop-in or a link concerns is systemd's to say.
/// </summary>
/// <param name="bus">Where systemd says which directories it reads.</param>
/// <param name="watcher">Watches them.</param>
/// <param name="signals">Whom to tell.</param>
/// <param name="prefix">What stands before systemd's own paths; empty but for tests.</param>
internal sealed class UnitFolders(IBusConnection bus, PathWatcher watcher, UnitSignals signals, string prefix) : IPathListener
{
    private readonly Lock _gate = new();
    private readonly List<TreeWatch> _trees = [];
    private Task? _opening;

    /// <summary>What is in the directories and was not read.</summary>
    internal UnreadFiles Unread { get; } = new(prefix);

    /// <summary>Begins to watch, if that has not been done.</summary>
    /// <exception cref="BusException">systemd is not there.</exception>
    /// <exception cref="FileException">A directory cannot be watched.</exception>
    internal Task OpenAsync(CancellationToken cancel)
    {
        lock (_gate)
        {
            if (_opening is null or { IsFaulted: true }) _opening = Task.Run(OpenAsync, CancellationToken.None);
            return _opening.WaitAsync(cancel);
        }
    }

    private async Task OpenAsync()
    {
        foreach (var lost in _trees) lost.Dispose();
        _trees.Clear();
        var path = new BusCall(Systemd.Service, Systemd.Root, "org.freedesktop.DBus.Properties", "Get", "ss", Systemd.Service + ".Manager", "UnitPath");
        var folders = (await bus.CallAsync(path, CancellationToken.None)).List(0).OfType<string>().Where(IsWrittenByHand).Select(folder => prefix + folder).ToArray();
        foreach (var folder in folders) _trees.Add(watcher.WatchTree(new FilePath(folder), this, isDeep: true));
        Unread.Folders = folders;
    }

    public void Changed(bool mayRunHere) => signals.TellAll();

    public void Ended(string error)
    {
        lock (_gate) _opening = null;
        signals.TellLost(error);
    }

    // The others are systemd's own, and it tells of them.
    private static bool IsWrittenByHand(string folder) => !folder.Contains("generator", StringComparison.Ordinal)
        && !folder.EndsWith("/transient", StringComparison.Ordinal) && !folder.EndsWith(".control", StringComparison.Ordinal) && !folder.EndsWith(".attached", StringComparison.Ordinal);
}
