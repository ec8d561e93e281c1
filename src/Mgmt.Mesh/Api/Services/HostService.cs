using Grpc.Core;
using Mgmt.Mesh.Api.Calls;

namespace Mgmt.Mesh.Api.Services;

/// <summary>The agent beside the store.</summary>
internal sealed class HostService(IHostTalk? talk) : Wire.Host.HostBase
{
    private IHostTalk Talk => talk ?? throw Failures.Of(StatusCode.Unimplemented, "no graph is kept here");

    public override Task<Wire.DescribeResponse> Describe(Wire.DescribeRequest request, ServerCallContext context) =>
        Talk.DescribeAsync(request, context.CancellationToken);

    public override Task<Wire.KeyResponse> Unlock(Wire.UnlockRequest request, ServerCallContext context) => Talk.UnlockAsync(request, context.CancellationToken);

    public override Task<Wire.KeyResponse> Lock(Wire.LockRequest request, ServerCallContext context) => Talk.LockAsync(request, context.CancellationToken);
}
