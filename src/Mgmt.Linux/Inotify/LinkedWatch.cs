using System.Text;
using Mgmt.Linux.Files;

namespace Mgmt.Linux.Inotify;

/// <summary>
/// Watches a path and what the links that stand there lead to, one watch for each step. Disposing it ends the calls.
/// </summary>
public sealed class LinkedWatch : IPathListener, IDisposable
{
    private const int MostLinks = 40;

    private readonly PathWatcher _watcher;
    private readonly FilePath _path;
    private readonly IPathListener _listener;
    private readonly PathEvents _events;
    private readonly Lock _gate = new();
    private readonly List<(FilePath Path, PathWatch Watch)> _steps = [];
    private bool _isDisposed;

    internal LinkedWatch(PathWatcher watcher, FilePath path, IPathListener listener, PathEvents events)
    {
        (_watcher, _path, _listener, _events) = (watcher, path, listener, events);
        try
        {
            Follow();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Makes sure that every step's way is still the one that is watched. If one is not, the listener is told.</summary>
    /// <exception cref="FileException">One cannot be watched any more.</exception>
    public void EnsureArmed()
    {
        PathWatch[] watches;
        lock (_gate) watches = [.. _steps.Select(step => step.Watch)];
        foreach (var watch in watches) watch.EnsureArmed();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            Cut(0);
        }
    }

    void IPathListener.Changed(bool mayRunHere)
    {
        try
        {
            Follow();
        }
        catch (FileException fault)
        {
            _listener.Ended(fault.Message);
            return;
        }

        _listener.Changed(mayRunHere);
    }

    void IPathListener.Ended(string error) => _listener.Ended(error);

    private void Follow()
    {
        lock (_gate)
        {
            var path = _path;
            for (var i = 0; !_isDisposed && i <= MostLinks; i++)
            {
                if (i >= _steps.Count || _steps[i].Path.Text != path.Text)
                {
                    Cut(i);
                    _steps.Add((path, _watcher.Watch(path, this, _events)));
                }

                // The watch comes first: a link that is changed after it was read is heard of.
                if (LinkText.Read(path.Full) is not { } target)
                {
                    Cut(i + 1);
                    return;
                }

                var text = Encoding.UTF8.GetString(target.Bytes);
                path = new FilePath(text.StartsWith('/') ? text : $"{path.Folder}/{text}");
            }
        }
    }

    private void Cut(int from)
    {
        for (var i = _steps.Count - 1; i >= from; i--)
        {
            _steps[i].Watch.Dispose();
            _steps.RemoveAt(i);
        }
    }
}
