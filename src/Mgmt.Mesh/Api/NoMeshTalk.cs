using Mgmt.Mesh.Wire;

namespace Mgmt.Mesh.Api;

/// <summary>There is no mesh here.</summary>
internal sealed class NoMeshTalk : IMeshTalk
{
    public HelloResponse Hello(HelloRequest request) => new();

    public Task<JoinResponse> JoinAsync(JoinRequest request, CancellationToken cancel) => Task.FromResult(new JoinResponse { Refusal = "this store has no mesh: start its agent with --peers" });

    public Task<AppointResponse> AppointAsync(AppointRequest request, CancellationToken cancel) => Task.FromResult(new AppointResponse { Refusal = "this store has no mesh" });
}
