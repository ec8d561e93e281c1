using Grpc.Core;
using Mgmt.Mesh.Api.Calls;

namespace Mgmt.Mesh.Api.Services;

/// <summary>Certificates for those who may have them.</summary>
internal sealed class TrustService(ITrustTalk talk) : Wire.Trust.TrustBase
{
    public override Task<Wire.AuthorityResponse> Authority(Wire.AuthorityRequest request, ServerCallContext context) => Task.FromResult(talk.Authority());

    public override Task<Wire.EnrollResponse> Enroll(Wire.EnrollRequest request, ServerCallContext context) => talk.EnrollAsync(request, context.CancellationToken);

    public override Task<Wire.EnrollResponse> Renew(Wire.RenewRequest request, ServerCallContext context)
    {
        var caller = context.GetHttpContext().Features.Get<Caller>()!;
        return talk.RenewAsync(caller.Host, caller.Role, request, context.CancellationToken);
    }
}
