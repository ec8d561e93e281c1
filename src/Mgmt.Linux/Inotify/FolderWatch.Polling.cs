using Mgmt.Linux.Files;

namespace Mgmt.Linux.Inotify;

/// <content>What a directory does for which the kernel has no watch left: it looks at its names from time to time.</content>
internal sealed partial class FolderWatch : IPolled
{
    private Dictionary<FileName, PathTrace>? _traces;
    private bool _isPolled;

    /// <summary>Whether nothing tells of it.</summary>
    internal bool IsPolled => Volatile.Read(ref _isPolled);

    /// <inheritdoc/>
    public void Look(EventBatch batch)
    {
        lock (_gate)
        {
            if (!_isPolled) return;
            if (IsElsewhere() || !_isPolled)
            {
                batch.Rearm(this);
                return;
            }

            foreach (var name in ChangedNames())
            {
                for (var each = _children.GetValueOrDefault(name); each is not null; each = each.Next) batch.Tell(each);
            }
        }
    }

    // There may be watches again: others were closed, or the limit was raised. One that is refused speaks for all in this pass.
    private bool IsElsewhere()
    {
        if (!table.Polled.MayAsk)
            return FileStatus.TryLook(OpenFile.None, _path, 0, out var status) == 0 ? !_isComplete || status.Identity != _deepest : _isComplete;
        try
        {
            var isChanged = Arm();
            table.Polled.MayAsk = !_isPolled;
            return isChanged;
        }
        catch (FileException)
        {
            // Those who listen are told by whoever arms next.
            return true;
        }
    }

    private bool TrySubscribe(PathWalk walk)
    {
        try
        {
            _subscriptions = table.Replace(_subscriptions, this, Wishes(walk));
            EndPolling();
            return true;
        }
        catch (FileException fault) when (fault.ErrorNumber == Errno.NoSpace)
        {
            _subscriptions = [];
            if (!_isPolled) BeginPolling();
            return false;
        }
    }

    private List<FileName> ChangedNames()
    {
        var changed = new List<FileName>();
        if (_traces is null) return changed;
        using var folder = OpenFile.Try(OpenFile.None, _path, FileNative.PathOnly | FileNative.Directory, out _);
        foreach (var name in _children.Keys)
        {
            var trace = folder.IsInvalid ? default : PathTrace.Of(folder, name);
            if (trace == _traces.GetValueOrDefault(name)) continue;
            _traces[name] = trace;
            changed.Add(name);
        }

        return changed;
    }

    private void NoteTrace(FileName name)
    {
        using var folder = OpenFile.Try(OpenFile.None, _path, FileNative.PathOnly | FileNative.Directory, out _);
        (_traces ??= new(FileNameComparer.Instance))[name] = folder.IsInvalid ? default : PathTrace.Of(folder, name);
    }

    private void BeginPolling()
    {
        _isPolled = true;
        _traces = new(FileNameComparer.Instance);
        foreach (var name in _children.Keys) NoteTrace(name);
        foreach (var tree in _trees) tree.BeginPolling();
        table.Polled.Add(this);
    }

    private void EndPolling()
    {
        if (!_isPolled) return;
        (_isPolled, _traces) = (false, null);
        table.Polled.Remove(this);
    }
}
