using Mgmt.Linux.Files;

namespace Mgmt.Linux.Inotify;

/// <summary>Something that the kernel does not tell of, so that it must be looked at from time to time. Called on the event thread.</summary>
internal interface IPolled
{
    /// <summary>Looks whether it changed, and has it told.</summary>
    void Look(EventBatch batch);
}

/// <summary>All that is looked at.</summary>
/// <param name="begun">Called when there is something, after there was nothing.</param>
internal sealed class PolledPaths(Action begun)
{
    private readonly Lock _gate = new();
    private readonly HashSet<IPolled> _all = new(ReferenceEqualityComparer.Instance);
    private volatile int _count;

    internal int Count => _count;

    /// <summary>Whether what is looked at next may ask for watches again; the first that is refused ends it for that pass.</summary>
    internal bool MayAsk { get; set; }

    internal void Add(IPolled polled)
    {
        lock (_gate)
        {
            _all.Add(polled);
            _count = _all.Count;
        }

        if (_count == 1) begun();
    }

    internal void Remove(IPolled polled)
    {
        lock (_gate)
        {
            _all.Remove(polled);
            _count = _all.Count;
        }
    }

    /// <summary>All of them, for a pass that begins.</summary>
    internal IReadOnlyList<IPolled> Take()
    {
        MayAsk = true;
        lock (_gate) return [.. _all];
    }
}

/// <summary>What a look at a path saw; nothing there is the default.</summary>
internal readonly record struct PathTrace(FileIdentity Identity, long Changed, long Modified, long Size)
{
    internal static PathTrace Of(OpenFile folder, FileName name) => FileStatus.TryLook(folder, name, FileNative.AtNoFollow, out var status) == 0
        ? new PathTrace(status.Identity, status.Changed, status.Modified, status.Size)
        : default;
}
