using Mgmt.Engine.Kinds;
using Mgmt.Linux.Files;
using Mgmt.Linux.Inotify;

namespace Mgmt.Resources.Luks;

/// <summary>
/// The watch of one encrypted disk: the paths that udev makes and removes, for the mapping and for the device, and the key file. It watches these and not the
/// kernel's events of devices, as they are what the check looks at, and as those do not reach every container. Orders come in here, too.
/// </summary>
internal sealed class LuksWatch : IPathListener, IAsyncDisposable
{
    private static readonly TimeSpan FirstRest = TimeSpan.FromSeconds(1), LongestRest = TimeSpan.FromSeconds(10);

    private readonly LuksWish _wish;
    private readonly LuksDesk _desk;
    private readonly IWatchSink _sink;
    private readonly FailureRest _rest;
    private readonly List<LinkedWatch> _paths = [];
    private LuksOrder? _order;

    /// <exception cref="FileException">A path cannot be watched.</exception>
    internal LuksWatch(LuksWish wish, LuksServices services, IWatchSink sink)
    {
        (_wish, _desk, _sink) = (wish, services.Desk, sink);
        _rest = new FailureRest(FirstRest, LongestRest, services.Time, () => sink.Changed());
        try
        {
            // Only what comes and goes, and is written to its end.
            _paths.Add(services.Watcher.WatchThroughLinks(new FilePath(services.Places.MappingOf(wish)), this, PathEvents.CompletedWrites));
            _paths.Add(services.Watcher.WatchThroughLinks(new FilePath(services.Places.DeviceOf(wish)), this, PathEvents.CompletedWrites));
            if (wish.KeyFile.Length > 0) _paths.Add(services.Watcher.WatchThroughLinks(new FilePath(wish.KeyFile), this, PathEvents.CompletedWrites));
        }
        catch
        {
            Close();
            throw;
        }

        _desk.Add(wish.Name, this);
    }

    /// <summary>Makes sure that the ways to the paths are still those that are watched.</summary>
    /// <exception cref="FileException">One cannot be watched any more.</exception>
    internal void EnsureArmed()
    {
        foreach (var path in _paths) path.EnsureArmed();
    }

    /// <summary>Tells nothing for a while, longer after each failure, and then has it checked.</summary>
    internal void Rest() => _rest.Begin();

    /// <summary>The last failure is over.</summary>
    internal void Recover() => _rest.End();

    /// <summary>Has the next check carry out an order; false when another one waits for it.</summary>
    internal bool TryGive(LuksOrder order)
    {
        if (Interlocked.CompareExchange(ref _order, order, null) is not null) return false;
        _sink.Changed();
        return true;
    }

    /// <summary>Takes an order back; false when it has begun.</summary>
    internal bool TryTakeBack(LuksOrder order) => Interlocked.CompareExchange(ref _order, null, order) == order;

    /// <summary>The order to carry out, if there is one.</summary>
    internal LuksOrder? Take() => Interlocked.Exchange(ref _order, null);

    /// <inheritdoc/>
    public void Changed(bool mayRunHere)
    {
        if (!_rest.IsOn) _sink.Changed();
    }

    /// <inheritdoc/>
    public void Ended(string error) => _sink.Ended(error);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _desk.Remove(_wish.Name, this);
        Take()?.Answer(LuksOutcome.Failed, "its definition changed meanwhile, or the agent ends; try again");
        Close();
        return ValueTask.CompletedTask;
    }

    private void Close()
    {
        foreach (var path in _paths) path.Dispose();
        _rest.Dispose();
    }
}
