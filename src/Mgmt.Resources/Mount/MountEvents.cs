using Mgmt.Engine.Kinds;
using Mgmt.Linux.Files;
using Mgmt.Linux.Inotify;

namespace Mgmt.Resources.Mount;

/// <summary>The watch of one mount: its directory in the table of mounts, and the path of its device. After a step that failed it rests.</summary>
internal sealed class MountEvents : IPathListener, IAsyncDisposable
{
    private static readonly TimeSpan FirstRest = TimeSpan.FromSeconds(1), LongestRest = TimeSpan.FromSeconds(10);

    private readonly MountBoard _board;
    private readonly IWatchSink _sink;
    private readonly FailureRest _rest;
    private readonly LinkedWatch? _device;

    /// <exception cref="FileException">It cannot be watched.</exception>
    internal MountEvents(MountServices services, MountWish wish, IWatchSink sink)
    {
        (_board, _sink, Point) = (services.Board, sink, wish.Path);
        _rest = new FailureRest(FirstRest, LongestRest, services.Time, () => sink.Changed());
        _board.Add(this);
        try
        {
            // One that is written to all the time is of no interest; that it comes is.
            if (wish.IsMounted && MountSource.PathOf(wish.Device) is { } path && path.StartsWith("/dev/", StringComparison.Ordinal))
                _device = services.Watcher.WatchThroughLinks(new FilePath(path), this, PathEvents.CompletedWrites);
        }
        catch
        {
            _board.Remove(this);
            _rest.Dispose();
            throw;
        }
    }

    /// <summary>The directory without links; the board's.</summary>
    internal string Point { get; set; }

    /// <summary>What was last seen there; the board's.</summary>
    internal string Seen { get; set; } = "";

    /// <summary>Tells nothing for a while, longer after each failure, and then has it checked.</summary>
    internal void Rest() => _rest.Begin();

    /// <summary>The last failure is over.</summary>
    internal void Recover() => _rest.End();

    /// <summary>Makes sure that the way to the device is still the one that is watched.</summary>
    /// <exception cref="FileException">It cannot be watched any more.</exception>
    internal void EnsureArmed() => _device?.EnsureArmed();

    internal void TellMounts()
    {
        if (!_rest.IsOn) _sink.Changed();
    }

    /// <inheritdoc/>
    public void Changed(bool mayRunHere) => TellMounts();

    /// <inheritdoc/>
    public void Ended(string error) => _sink.Ended(error);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _board.Remove(this);
        _device?.Dispose();
        return _rest.DisposeAsync();
    }
}
