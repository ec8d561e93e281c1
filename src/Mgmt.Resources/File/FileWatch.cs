using Mgmt.Engine.Kinds;
using Mgmt.Linux.Files;
using Mgmt.Linux.Inotify;

namespace Mgmt.Resources.File;

/// <summary>The watch of one file resource, between the path watcher and the runner.</summary>
internal sealed class FileWatch : IPathListener, IAsyncDisposable
{
    private readonly IWatchSink _sink;
    private readonly PathWatch _path;

    internal FileWatch(PathWatcher watcher, FilePath path, IWatchSink sink)
    {
        _sink = sink;
        _path = watcher.Watch(path, this);
    }

    internal void EnsureArmed() => _path.EnsureArmed();

    public void Changed(bool mayRunHere) => _sink.Changed(mayRunHere);

    public void Ended(string error) => _sink.Ended(error);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _path.Dispose();
        return ValueTask.CompletedTask;
    }
}
