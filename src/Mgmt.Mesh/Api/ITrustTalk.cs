using Mgmt.Mesh.Wire;

namespace Mgmt.Mesh.Api;

/// <summary>Who gets a certificate of the mesh. What is asked for is answered with a refusal when it cannot be.</summary>
public interface ITrustTalk
{
    /// <summary>The mesh's authority. Anybody may ask.</summary>
    AuthorityResponse Authority();

    /// <summary>Spends a token for a certificate. Anybody may ask: the token decides.</summary>
    Task<EnrollResponse> EnrollAsync(EnrollRequest request, CancellationToken cancel);

    /// <summary>Gives a caller that is known already a new certificate.</summary>
    /// <param name="host">The name in the caller's certificate.</param>
    /// <param name="role">The role in it.</param>
    /// <param name="request">What it asks for.</param>
    /// <param name="cancel">Gives up.</param>
    Task<EnrollResponse> RenewAsync(string host, Calls.Role role, RenewRequest request, CancellationToken cancel);
}
