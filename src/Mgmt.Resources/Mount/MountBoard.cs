using Mgmt.Linux.Files;
using Mgmt.Linux.Inotify;
using Mgmt.Linux.Mounts;

namespace Mgmt.Resources.Mount;

/// <summary>
/// Reads the table of mounts once for each change of it, and tells those whose own directory looks otherwise than before: on a host that runs containers, the
/// table changes all the time.
/// </summary>
internal sealed class MountBoard(PathWatcher watcher) : IPathListener
{
    private readonly Lock _gate = new();
    private readonly List<MountEvents> _subscribers = [];
    private MountWatch? _watch;

    /// <summary>Tells it from now on.</summary>
    /// <exception cref="FileException">The table cannot be watched or read.</exception>
    internal void Add(MountEvents subscriber)
    {
        lock (_gate)
        {
            _watch ??= watcher.WatchMounts(this);
            subscriber.Seen = Describe(MountInfo.Read(), subscriber.Point);
            _subscribers.Add(subscriber);
        }
    }

    /// <summary>Tells it nothing any more.</summary>
    internal void Remove(MountEvents subscriber)
    {
        MountWatch? unused = null;
        lock (_gate)
        {
            _subscribers.Remove(subscriber);
            if (_subscribers.Count == 0) (unused, _watch) = (_watch, null);
        }

        unused?.Dispose();
    }

    /// <summary>Has it told of another directory: the path leads there now.</summary>
    internal void Move(MountEvents subscriber, string point, IReadOnlyList<MountEntry> table)
    {
        lock (_gate) (subscriber.Point, subscriber.Seen) = (point, Describe(table, point));
    }

    /// <inheritdoc/>
    public void Changed(bool mayRunHere)
    {
        foreach (var one in Affected()) one.TellMounts();
    }

    /// <inheritdoc/>
    public void Ended(string error)
    {
        MountEvents[] all;
        lock (_gate)
        {
            all = [.. _subscribers];
            _subscribers.Clear();
            _watch?.Dispose();
            _watch = null;
        }

        foreach (var one in all) one.Ended(error);
    }

    private List<MountEvents> Affected()
    {
        lock (_gate)
        {
            IReadOnlyList<MountEntry> table;
            try
            {
                table = MountInfo.Read();
            }
            catch (FileException)
            {
                // Their own checks say what is wrong with it.
                return [.. _subscribers];
            }

            var affected = new List<MountEvents>();
            foreach (var one in _subscribers)
            {
                var now = Describe(table, one.Point);
                if (now == one.Seen) continue;
                one.Seen = now;
                affected.Add(one);
            }

            return affected;
        }
    }

    private static string Describe(IReadOnlyList<MountEntry> table, string point) => string.Join('\n', table.Where(one => one.Point == point));
}
