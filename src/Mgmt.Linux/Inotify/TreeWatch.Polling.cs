using Mgmt.Linux.Files;

namespace Mgmt.Linux.Inotify;

/// <content>What a tree does for which the kernel has no watches left: it looks at all that is in it from time to time.</content>
public sealed partial class TreeWatch : IPolled
{
    private ulong _trace;
    private bool _isPolled;

    /// <inheritdoc/>
    void IPolled.Look(EventBatch batch)
    {
        lock (_gate)
        {
            if (!_isPolled) return;
            var trace = Trace();
            var isSame = trace == _trace;
            _trace = trace;
            if (_table.Polled.MayAsk)
            {
                Rescan();
                _table.Polled.MayAsk = !_isPolled;
            }

            if (isSame && _isPolled) return;
        }

        batch.Rearm(this);
        batch.Tell(this);
    }

    internal void BeginPolling()
    {
        lock (_gate)
        {
            if (_isPolled || IsClosed) return;
            _isPolled = true;
            _trace = Trace();
        }

        _table.Polled.Add(this);
    }

    // What is directly in the root is heard of by the root's own watch.
    private void EndPolling()
    {
        if (!_isPolled || (Root.IsPolled && !IsClosed)) return;
        _isPolled = false;
        _table.Polled.Remove(this);
    }

    private ulong Trace()
    {
        const ulong Seed = 14695981039346656037, Step = 1099511628211; // FNV
        var trace = Seed;
        var ways = new Stack<FileName>([new FileName(Root.Path)]);
        while (ways.TryPop(out var way))
        {
            using var folder = Folder.TryOpen(OpenFile.None, way, way.ToString(), follow: way.ToString() == Root.Path, out _);
            if (folder is null) continue;
            foreach (var name in folder.List())
            {
                if (FileStatus.TryLook(folder.Handle, name, FileNative.AtNoFollow, out var status) != 0) continue;
                foreach (var part in (ReadOnlySpan<ulong>)[(ulong)name.GetHashCode(), status.Identity.Inode, (ulong)status.Changed, (ulong)status.Modified, (ulong)status.Size])
                    trace = (trace ^ part) * Step;
                if (_isDeep && status.Type == FileType.Folder) ways.Push(new FileName([.. way.Bytes, (byte)'/', .. name.Bytes]));
            }
        }

        return trace;
    }
}
