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
    internal WatchBench() => Watcher = new PathWatcher(Faults.Add);

    internal Scratch Scratch { get; } = new();

    internal List<Exception> Faults { get; } = [];

    internal PathWatcher Watcher { get; }

    internal PathWatch Watch(string name, IPathListener listener, PathEvents events = PathEvents.All) =>
        Watcher.Watch(new FilePath(Scratch.At(name)), listener, events);

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
        Scratch.Dispose();
        Assert.Empty(Faults);
    }
}
