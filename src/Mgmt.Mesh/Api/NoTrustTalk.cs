using Mgmt.Mesh.Api.Calls;
using Mgmt.Mesh.Wire;

namespace Mgmt.Mesh.Api;

/// <summary>There is no authority here.</summary>
internal sealed class NoTrustTalk : ITrustTalk
{
    private const string Refusal = "this agent knows no authority of a mesh";

    public AuthorityResponse Authority() => new();

    public Task<EnrollResponse> EnrollAsync(EnrollRequest request, CancellationToken cancel) => Task.FromResult(new EnrollResponse { Refusal = Refusal });

    public Task<EnrollResponse> RenewAsync(string host, Role role, RenewRequest request, CancellationToken cancel) => Task.FromResult(new EnrollResponse { Refusal = Refusal });
}
