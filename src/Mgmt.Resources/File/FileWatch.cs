using Mgmt.Engine.Kinds;
using Mgmt.Linux.Files;
using Mgmt.Linux.Inotify;

namespace Mgmt.Resources.File;

/// <summary>The watch of one path, between the path watcher and the runner.</summary>
internal class FileWatch : IPathListener, IAsyncDisposable
{
    private readonly IWatchSink _sink;
    private readonly PathWatch _path;
    private readonly LinkedWatch? _source;
    private readonly Action? _closed;

    /// <summary>Opens it.</summary>
    /// <param name="watcher">The process's watcher.</param>
    /// <param name="path">The path.</param>
    /// <param name="source">A file that is copied to it, or null.</param>
    /// <param name="sink">Whom to tell.</param>
    /// <param name="closed">Called when the watch is closed.</param>
    internal FileWatch(PathWatcher watcher, FilePath path, string? source, IWatchSink sink, Action? closed = null)
    {
        (_sink, _closed) = (sink, closed);
        _path = watcher.Watch(path, this);
        try
        {
            if (source is not null) _source = watcher.WatchThroughLinks(new FilePath(source), this);
        }
        catch
        {
            _path.Dispose();
            throw;
        }
    }

    internal virtual void EnsureArmed()
    {
        _path.EnsureArmed();
        _source?.EnsureArmed();
    }

    public void Changed(bool mayRunHere) => _sink.Changed(mayRunHere);

    public void Ended(string error) => _sink.Ended(error);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    private protected virtual void Close()
    {
        _path.Dispose();
        _source?.Dispose();
        _closed?.Invoke();
    }
}
