using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Node;
using Mgmt.Mesh.Raft;
using Mgmt.Mesh.Raft.Log;
using Mgmt.Mesh.Raft.Wire;
using Mgmt.Store.Home;
using Mgmt.Store.Machine;

namespace Mgmt.Mesh.Place;

/// <summary>What one member knows when the majority of its cluster is lost for good: its state with its whole log, as no other member can say any more what of it counts.</summary>
public static class Survivor
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Makes this member the only voter of its cluster and answers the state that it then has. It writes to the place: that has to be a copy, as two of one
    /// cluster would be wrong.
    /// </summary>
    /// <param name="place">The copy.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="MeshException">What is there cannot be used.</exception>
    public static async Task<StoreView> ReadAsync(StorePlace place, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(place);
        try
        {
            var identity = StoreIdentity.Read(place.Identity) ?? throw new MeshException($"cannot recover from {place.Folder}: there is no store");
            var home = new HomeIdentity(identity.ClusterId, identity.MemberId);
            using (var voters = VoterFile.Open(Path.Combine(place.Log, "voters"))) voters.Save(new VoterSet([identity.MemberId]), long.MaxValue);
            return await ReadAsync(place, home, cancel);
        }
        catch (Exception e) when (e is InvalidDataException or LogException)
        {
            throw new MeshException($"cannot recover from {place.Folder}: {e.Message}", e);
        }
    }

    private static async Task<StoreView> ReadAsync(StorePlace place, HomeIdentity identity, CancellationToken cancel)
    {
        var opened = await new StoreOpening(place, identity, static _ => { }).OpenAsync(null, [], cancel);
        await using var node = new StoreNode(place, identity, opened, new NodeOptions(), TimeProvider.System, 1, static _ => { });
        var options = new RaftOptions { Folder = place.Log, Cluster = identity.Cluster, Member = identity.Member, Listen = null };
        await using var raft = await RaftNode.StartAsync(options, node.Replica, new Nobody(), PlainTransport.Instance, TimeProvider.System, cancel);
        node.Join(raft);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        var reading = await node.ReadBarrierAsync(limit.Token);
        return reading.View ?? throw new MeshException($"cannot recover from {place.Folder}: {reading.Error!.Message}");
    }

    private sealed class Nobody : IPeerDirectory
    {
        public bool TryFind(ulong member, out PeerAddress address)
        {
            address = default;
            return false;
        }
    }
}
