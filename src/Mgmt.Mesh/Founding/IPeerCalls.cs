using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Wire;

namespace Mgmt.Mesh.Founding;

/// <summary>Calls to other agents' APIs before there is a store to go through. Null is no answer.</summary>
public interface IPeerCalls
{
    /// <summary>Why an agent did not answer the last time; empty when it did.</summary>
    string WhyNot(PeerAddress address);

    /// <summary>Asks who is there.</summary>
    Task<HelloResponse?> HelloAsync(PeerAddress address, HelloRequest request, CancellationToken cancel);

    /// <summary>Asks to be let in.</summary>
    Task<JoinResponse?> JoinAsync(PeerAddress address, JoinRequest request, CancellationToken cancel);

    /// <summary>Tells an agent what it is to the mesh from now on.</summary>
    Task<AppointResponse?> AppointAsync(PeerAddress address, AppointRequest request, CancellationToken cancel);

    /// <summary>Fetches a snapshot of the whole state into a file.</summary>
    /// <returns>Whether it came whole.</returns>
    Task<bool> SnapshotAsync(PeerAddress address, string path, CancellationToken cancel);
}
