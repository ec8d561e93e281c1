using Grpc.Core;

namespace Mgmt.Mesh.Api.Services;

/// <summary>What agents ask each other.</summary>
internal sealed class MeshService(IMeshTalk talk) : Wire.Mesh.MeshBase
{
    public override Task<Wire.HelloResponse> Hello(Wire.HelloRequest request, ServerCallContext context) => Task.FromResult(talk.Hello(request));

    public override Task<Wire.JoinResponse> Join(Wire.JoinRequest request, ServerCallContext context) => talk.JoinAsync(request, context.CancellationToken);

    public override Task<Wire.AppointResponse> Appoint(Wire.AppointRequest request, ServerCallContext context) => talk.AppointAsync(request, context.CancellationToken);
}
