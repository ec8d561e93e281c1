using Mgmt.Store.Watches;

namespace Mgmt.Mesh.Api.Watches;

/// <summary>One watch of a stream, as its client asked for it.</summary>
internal sealed class StreamWatch(long id, Watcher watcher, Wire.WatchCreateRequest request)
{
    public long Id => id;

    public Watcher Watcher => watcher;

    public bool WantsPrevious { get; } = request.PrevKv;

    public bool WantsFragments { get; } = request.Fragment;

    public bool WantsProgress { get; } = request.ProgressNotify;

    /// <summary>It had no events since it was last to be told how far it is.</summary>
    public bool IsQuiet { get; set; }

    /// <summary>It is to be told how far it is.</summary>
    public bool IsNoticeDue { get; set; }
}
