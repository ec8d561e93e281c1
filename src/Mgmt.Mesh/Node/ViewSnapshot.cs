using Mgmt.Mesh.Consensus;
using Mgmt.Store.Machine;
using Mgmt.Store.Snapshots;

namespace Mgmt.Mesh.Node;

/// <summary>A state that the home holds, as what members that lack it are sent.</summary>
internal sealed class ViewSnapshot(StoreView view) : IReplicaSnapshot
{
    public StoreView View => view;

    public long Index => view.Index;

    public long Term => view.Term;

    public async ValueTask WriteAsync(Stream target, CancellationToken cancel)
    {
        foreach (var piece in SnapshotWriter.Pieces(view)) await target.WriteAsync(piece, cancel);
    }
}
