using Mgmt.Mesh.Wire;

namespace Mgmt.Mesh.Api;

/// <summary>What agents ask each other beside etcd's API.</summary>
public interface IMeshTalk
{
    /// <summary>Says who is here.</summary>
    HelloResponse Hello(HelloRequest request);

    /// <summary>Lets an agent in, or says why not.</summary>
    Task<JoinResponse> JoinAsync(JoinRequest request, CancellationToken cancel);

    /// <summary>Takes or gives up a part in keeping the store, as the leader says.</summary>
    Task<AppointResponse> AppointAsync(AppointRequest request, CancellationToken cancel);
}
