using DotNext.Net.Cluster.Consensus.Raft;

namespace Mgmt.Mesh.Raft;

/// <summary>DotNext's Raft, with what it keeps for those who derive from it.</summary>
internal sealed class Voter(RaftCluster.NodeConfiguration configuration) : RaftCluster(configuration)
{
    /// <summary>Has the leader begin a round of replication now, or once the present one is over.</summary>
    public void Kick()
    {
        var done = SynchronizeAsync(-1, default);
        if (done.IsFaulted) _ = done.AsTask().Exception;
    }

    /// <summary>Stops leading.</summary>
    public ValueTask<bool> StepBackAsync(CancellationToken cancel) => ResignAsync(cancel);
}
