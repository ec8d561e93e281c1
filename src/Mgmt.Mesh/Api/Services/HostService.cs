using Grpc.Core;
using Mgmt.Mesh.Api.Calls;

namespace Mgmt.Mesh.Api.Services;

/// <summary>The agent beside the store.</summary>
internal sealed class HostService(IHostTalk? talk) : Wire.Host.HostBase
{
    public override Task<Wire.DescribeResponse> Describe(Wire.DescribeRequest request, ServerCallContext context) =>
        talk?.DescribeAsync(request, context.CancellationToken) ?? throw Failures.Of(StatusCode.Unimplemented, "no graph is kept here");
}
