using Grpc.Core;
using Mgmt.Mesh.Api.Calls;

namespace Mgmt.Mesh.Api.Services;

/// <summary>What agents ask each other.</summary>
internal sealed class MeshService(IMeshTalk talk) : Wire.Mesh.MeshBase
{
    public override Task<Wire.HelloResponse> Hello(Wire.HelloRequest request, ServerCallContext context) => Task.FromResult(talk.Hello(request));

    // Nobody comes in under another host's name.
    public override Task<Wire.JoinResponse> Join(Wire.JoinRequest request, ServerCallContext context) =>
        context.GetHttpContext().Features.Get<Caller>() is { Role: < Role.Operator } caller && caller.Host != request.Self?.Name
            ? Task.FromResult(new Wire.JoinResponse { Refusal = $"its certificate is for {caller.Host}, and it calls itself {request.Self?.Name}; call it so with --hostname, or let it in as another host, by a token and with another --prefix", Final = true })
            : talk.JoinAsync(request, context.CancellationToken);

    public override Task<Wire.AppointResponse> Appoint(Wire.AppointRequest request, ServerCallContext context) => talk.AppointAsync(request, context.CancellationToken);
}
