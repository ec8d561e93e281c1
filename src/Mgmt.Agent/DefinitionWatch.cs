using Mgmt.Linux.Files;
using Mgmt.Linux.Inotify;

namespace Mgmt.Agent;

/// <summary>Watches the graph files, and the directories of graph files, and asks for a reload when one of them may have changed.</summary>
internal sealed class DefinitionWatch : IPathListener, IDisposable
{
    private readonly PathWatcher _watcher;
    private readonly AgentInbox _inbox;
    private readonly Action<string> _warn;
    private readonly List<IDisposable> _watches = [];

    /// <exception cref="AgentException">One of them cannot be watched.</exception>
    public DefinitionWatch(PathWatcher watcher, IReadOnlyList<string> paths, AgentInbox inbox, Action<string> warn)
    {
        (_watcher, _inbox, _warn) = (watcher, inbox, warn);
        foreach (var path in paths) Watch(path);
    }

    /// <inheritdoc/>
    public void Changed(bool mayRunHere) => _inbox.Post(new AgentMessage.Reload(IsSure: false));

    /// <inheritdoc/>
    public void Ended(string error) => _warn($"{error}; SIGHUP makes this agent read its graph files again");

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var watch in _watches) watch.Dispose();
    }

    private void Watch(string path)
    {
        try
        {
            var full = new FilePath(Path.GetFullPath(path));
            if (Directory.Exists(path)) _watches.Add(_watcher.WatchTree(full, this, isDeep: false));
            _watches.Add(_watcher.WatchThroughLinks(full, this, PathEvents.CompletedWrites));
        }
        catch (FileException error)
        {
            Dispose();
            throw new AgentException($"cannot watch {path}: {error.Message}; with --no-watch the agent runs without", error);
        }
    }
}
