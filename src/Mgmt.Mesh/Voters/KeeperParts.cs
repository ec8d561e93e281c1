using Mgmt.Mesh.Founding;
using Mgmt.Mesh.Node;
using Mgmt.Mesh.Place;
using Mgmt.Mesh.Trust;

namespace Mgmt.Mesh.Voters;

/// <summary>What a <see cref="Keeper"/> is made of that outlives it.</summary>
/// <param name="Place">Where the store is on the disk.</param>
/// <param name="Addresses">Where this agent is reached.</param>
/// <param name="Node">The store's bounds.</param>
/// <param name="Calls">Asks other agents.</param>
/// <param name="Tls">Secures Raft's port; null is plain.</param>
/// <param name="Time">For all waiting.</param>
/// <param name="Log">Takes what an operator should know.</param>
internal sealed record KeeperParts(
    StorePlace Place, ParticipantAddresses Addresses, NodeOptions Node, IPeerCalls Calls, MeshTls? Tls, TimeProvider Time, IParticipantLog Log);
