using System.Collections.Concurrent;
using Mgmt.Linux.Files;
using Mgmt.Linux.Inotify;
using Mgmt.Tests;

namespace Mgmt.Linux.Tests.Inotify;

/// <summary>Counts what it is told.</summary>
internal sealed class Listener(Action<bool>? then = null) : IPathListener
{
    private readonly List<string> _told = [];

    internal int Count
    {
        get
        {
            lock (_told) return _told.Count;
        }
    }

    public void Changed(bool mayRunHere)
    {
        lock (_told) _told.Add(mayRunHere ? "here" : "there");
        then?.Invoke(mayRunHere);
    }

    public void Ended(string error)
    {
        lock (_told) _told.Add(error);
    }

    public override string ToString()
    {
        lock (_told) return string.Join(", ", _told);
    }
}

/// <summary>A watcher on a scratch directory.</summary>
internal sealed class WatchBench : IAsyncDisposable
{
    private readonly bool _isMounted;

    internal WatchBench(Watching by = Watching.Inotify, WatcherOptions? options = null)
    {
        options ??= new WatcherOptions();
        if (by == Watching.Fanotify)
        {
            // A file system of its own: the machine's has nothing to do with this.
            _isMounted = true;
            Assert.Equal("", Shell.Run($"mount -t tmpfs tmpfs {Scratch.Path}"));
            options = OnItsOwn(options) with { Choice = WatcherChoice.Fanotify };
        }

        if (by == Watching.Looking) options = options with { MostInotifyWatches = 0, LookEvery = TimeSpan.FromMilliseconds(100) };
        Watcher = new PathWatcher(Faults.Add, options with { Note = note => Notes.Enqueue(note) });
    }

    internal Scratch Scratch { get; } = new();

    internal ConcurrentQueue<string> Notes { get; } = new();

    internal List<Exception> Faults { get; } = [];

    internal PathWatcher Watcher { get; }

    internal PathWatch Watch(string name, IPathListener listener, PathEvents events = PathEvents.All) =>
        Watcher.Watch(new FilePath(Scratch.At(name)), listener, events);

    /// <summary>With marks on this file system alone.</summary>
    internal WatcherOptions OnItsOwn(WatcherOptions options) => options with { MayMark = path => path.StartsWith(Scratch.Path, StringComparison.Ordinal) };

    /// <summary>Does something and asserts that the listener has heard of it by the time that the events are drained.</summary>
    internal async Task Hears(Listener listener, string commands)
    {
        var before = listener.Count;
        await Do(commands);
        Assert.True(listener.Count > before, $"nothing was heard of: {commands}; before: {listener}");
    }

    internal async Task HearsNothing(Listener listener, string commands)
    {
        var before = listener.Count;
        await Do(commands);
        Assert.True(listener.Count == before, $"something was heard of: {commands}: {listener}");
    }

    internal async Task Do(string commands)
    {
        Assert.Equal("", Shell.Run($"cd {Scratch.Path} && {commands}"));
        await Watcher.DrainAsync(default).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
    }

    public async ValueTask DisposeAsync()
    {
        await Watcher.DisposeAsync();
        if (_isMounted) Shell.Run($"umount -l {Scratch.Path}");
        Scratch.Dispose();
        Assert.Empty(Faults);
    }
}
